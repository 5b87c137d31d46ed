import { QueryError } from './query-error.js'

/** A word or sign of a query. */
export interface Token {
  /** The word without quotes; the sign; empty at the end of the query. */
  readonly text: string
  /** What it is. A quoted word is never a keyword. */
  readonly kind: 'word' | 'quoted' | 'sign' | 'end'
  /** Where it starts, in UTF-16 code units from 0. */
  readonly position: number
  /** How long it is, quotes included. */
  readonly length: number
}

const pattern =
  /\s+|(?<sign>>=|[(),])|"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>(?:[^'\\]|\\.)*)'|(?<word>[^\s(),"'>]+|>)/suy

/** Words that join terms, and so are quoted when they are meant as values. */
export const connectives: readonly string[] = ['and', 'or', 'not']

/**
 * Splits a query into words and signs; the last token is the end.
 * @throws QueryError for a quote that is not closed
 */
export function tokenize(query: string): readonly Token[] {
  const tokens: Token[] = []
  let position = 0
  while (position < query.length) {
    const match = matchAt(query, position)
    if (match === undefined) throw openQuote(query, position)
    const token = tokenOf(match.groups ?? {}, position, match[0].length)
    if (token !== undefined) tokens.push(token)
    position += match[0].length
  }
  tokens.push({ text: '', kind: 'end', position: query.length, length: 0 })
  return tokens
}

function matchAt(query: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position
  return pattern.exec(query) ?? undefined
}

function tokenOf(
  groups: Readonly<Record<string, string | undefined>>,
  position: number,
  length: number,
): Token | undefined {
  const { sign, word, double, single } = groups
  if (sign !== undefined) return { text: sign, kind: 'sign', position, length }
  if (word !== undefined) return { text: word, kind: 'word', position, length }
  const quoted = double ?? single
  return quoted === undefined ? undefined : { text: withoutEscapes(quoted), kind: 'quoted', position, length }
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/gsu, '$1')
}

function openQuote(query: string, position: number): QueryError {
  const quote = query.charAt(position)
  const reason = `The quote ${quote} is not closed. Close it, or write \\${quote} inside another quoted word.`
  return new QueryError({ reason, query, position, length: query.length - position })
}
