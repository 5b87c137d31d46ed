import { plainLine } from '../formats/plain-text.js'
import { nearest } from '../nearest.js'
import { showValue } from '../show-value.js'
import type { QueryTerm } from './query.js'
import { QueryError } from './query-error.js'
import type { QueryReader } from './query-reader.js'
import type { QueryTermDefinition } from './query-terms.js'
import type { Slot } from './slot.js'
import type { Token } from './tokenize.js'

interface Attempt {
  readonly definition: QueryTermDefinition
  readonly pattern: readonly (string | Slot)[]
  /** How many tokens fit. */
  readonly fitting: number
}

/**
 * Reads one term: the longest pattern that fits.
 * @throws QueryError pointing at the first token that no pattern goes on with
 */
export function readTerm(reader: QueryReader, definitions: readonly QueryTermDefinition[]): QueryTerm {
  const attempts = definitions.flatMap((definition) =>
    definition.patterns.map((pattern) => ({ definition, pattern, fitting: fittingTokens(reader, pattern) })),
  )
  const complete = attempts.filter(({ pattern, fitting }) => fitting === pattern.length)
  const best = complete.sort((a, b) => b.fitting - a.fitting)[0]
  if (best === undefined) throw explain(reader, attempts)
  const values = best.pattern.flatMap((part, index) => (typeof part === 'string' ? [] : [reader.peek(index).text]))
  reader.skip(best.fitting)
  return { kind: 'term', term: best.definition.term, values }
}

function fittingTokens(reader: QueryReader, pattern: readonly (string | Slot)[]): number {
  const unfit = pattern.findIndex((part, index) => !fits(reader.peek(index), part))
  return unfit < 0 ? pattern.length : unfit
}

function fits({ kind, text }: Token, part: string | Slot): boolean {
  if (typeof part === 'string') return (kind === 'word' || kind === 'sign') && text.toLowerCase() === part
  return (kind === 'word' || kind === 'quoted') && part.accepts(text)
}

function explain(reader: QueryReader, attempts: readonly Attempt[]): QueryError {
  const furthest = Math.max(...attempts.map(({ fitting }) => fitting))
  const expected = attempts
    .filter(({ fitting }) => fitting === furthest)
    .flatMap(({ pattern }) => pattern[furthest] ?? [])
  const token = reader.peek(furthest)
  const words = [...new Set(expected.filter((part) => typeof part === 'string'))]
  const places = [...new Set(expected.filter((part) => typeof part !== 'string'))]
  const choices = [...words.map((word) => `'${word}'`), ...places.map((place) => place.expected)]
  const found = token.kind === 'end' ? 'The query ends' : `${plainLine(showValue(token.text))} stands`
  const isWord = token.kind === 'word' || token.kind === 'quoted'
  const near = isWord ? [...places.flatMap((place) => place.suggest(token.text)), ...nearest(token.text, words)] : []
  return new QueryError({
    reason: `${found} where ${furthest === 0 ? 'a term' : 'this'} is expected: ${choices.join(', ')}.`,
    query: reader.query,
    position: token.position,
    length: token.length,
    suggestions: near.slice(0, 3),
  })
}
