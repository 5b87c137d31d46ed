import { type Token, tokenize } from './tokenize.js'

/** A query on its way through the parser. */
export interface QueryReader {
  readonly query: string
  /** The token that is read next, or one of those behind it. */
  peek(ahead?: number): Token
  /** Goes on by some tokens. */
  skip(count?: number): void
}

/**
 * Starts to read a query.
 * @throws QueryError for a quote that is not closed
 */
export function createQueryReader(query: string): QueryReader {
  const tokens = tokenize(query)
  const end: Token = { text: '', kind: 'end', position: query.length, length: 0 }
  let index = 0
  return {
    query,
    peek: (ahead = 0) => tokens[index + ahead] ?? end,
    skip(count = 1) {
      index += count
    },
  }
}
