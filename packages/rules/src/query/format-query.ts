import type { Query } from './query.js'
import { queryTerms } from './query-terms.js'
import { connectives } from './tokenize.js'

/**
 * Writes a query so that `parseQuery` reads the same again: keywords in lower case, parentheses only where they are
 * needed, values quoted where they have to be.
 * @throws RangeError for a term that does not exist
 */
export function formatQuery(query: Query): string {
  if (query.kind === 'term') return formatTerm(query.term, query.values)
  if (query.kind === 'not') return `not ${grouped(query.query, ['and', 'or'])}`
  const inside = query.kind === 'and' ? ['or'] : []
  return query.queries.map((part) => grouped(part, inside)).join(` ${query.kind} `)
}

function grouped(query: Query, kinds: readonly string[]): string {
  const text = formatQuery(query)
  return kinds.includes(query.kind) ? `(${text})` : text
}

function formatTerm(term: string, values: readonly string[]): string {
  const pattern = queryTerms.find((definition) => definition.term === term)?.patterns[0]
  if (pattern === undefined) throw new RangeError(`There is no term '${term}' in the query language.`)
  const rest = values.values()
  return pattern.map((part) => (typeof part === 'string' ? part : quoted(rest.next().value ?? ''))).join(' ')
}

function quoted(value: string): string {
  const safe = /^[^\s(),"'>]+$/.test(value) && !connectives.includes(value.toLowerCase())
  return safe ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}
