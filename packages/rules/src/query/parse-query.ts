import { plainLine } from '../formats/plain-text.js'
import { nearest } from '../nearest.js'
import { showValue } from '../show-value.js'
import type { Query } from './query.js'
import { QueryError } from './query-error.js'
import { createQueryReader, type QueryReader } from './query-reader.js'
import { queryTerms } from './query-terms.js'
import { readTerm } from './read-term.js'
import type { Token } from './tokenize.js'

/** Longest query, in UTF-16 code units. */
export const maxQueryLength = 4096

/** How deeply parentheses and `not` may be nested. */
export const maxQueryDepth = 100

/**
 * Takes a query apart, such as `feature code-completion and platform vllm and level full`. Keywords and ids are
 * accepted in any case. See the guide "The query language" for the grammar.
 * @throws QueryError pointing at the first word that does not fit; nothing else, whatever the text
 */
export function parseQuery(text: string): Query {
  if (typeof text !== 'string') throw fault('A query is text.', '', { position: 0, length: 0 })
  if (text.length > maxQueryLength) {
    const reason = `The query has ${text.length} characters; ${maxQueryLength} are the most.`
    throw fault(reason, text, { position: maxQueryLength, length: 1 })
  }
  const reader = createQueryReader(text)
  if (reader.peek().kind === 'end')
    throw fault("The query is empty. Write 'model *' for every model.", text, reader.peek())
  const query = readOr(reader, 0)
  const rest = reader.peek()
  if (rest.kind !== 'end') throw unexpected(reader, rest)
  return query
}

function readOr(reader: QueryReader, depth: number): Query {
  const queries = [readAnd(reader, depth)]
  while (isSign(reader.peek(), ',') || isKeyword(reader.peek(), 'or')) {
    reader.skip()
    queries.push(readAnd(reader, depth))
  }
  return joined('or', queries)
}

function readAnd(reader: QueryReader, depth: number): Query {
  const queries = [readNot(reader, depth)]
  while (isKeyword(reader.peek(), 'and')) {
    reader.skip()
    queries.push(readNot(reader, depth))
  }
  return joined('and', queries)
}

// `a or (b or c)` is `a or b or c`: one list, however it was bracketed.
function joined(kind: 'and' | 'or', parts: readonly Query[]): Query {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  return { kind, queries: parts.flatMap((part) => (part.kind === kind ? part.queries : [part])) }
}

function readNot(reader: QueryReader, depth: number): Query {
  const token = reader.peek()
  if (depth > maxQueryDepth)
    throw fault(`The query is nested deeper than ${maxQueryDepth}. Take parentheses away.`, reader.query, token)
  if (isKeyword(token, 'not')) {
    reader.skip()
    return { kind: 'not', query: readNot(reader, depth + 1) }
  }
  return isSign(token, '(') ? readGroup(reader, token, depth) : readTerm(reader, queryTerms)
}

function readGroup(reader: QueryReader, open: Token, depth: number): Query {
  reader.skip()
  const query = readOr(reader, depth + 1)
  const token = reader.peek()
  if (token.kind === 'end') throw fault("This '(' is never closed. Put a ')' behind its terms.", reader.query, open)
  if (!isSign(token, ')')) throw unexpected(reader, token)
  reader.skip()
  return query
}

function unexpected({ query }: QueryReader, token: Token): QueryError {
  if (isSign(token, ')')) return fault("This ')' closes nothing.", query, token)
  const reason = `${plainLine(showValue(token.text))} stands where 'and', 'or' or the end is expected.`
  const suggestions = token.kind === 'word' ? nearest(token.text, ['and', 'or'], 1) : []
  return fault(reason, query, token, suggestions)
}

function isKeyword({ kind, text }: Token, word: string): boolean {
  return kind === 'word' && text.toLowerCase() === word
}

function isSign({ kind, text }: Token, sign: string): boolean {
  return kind === 'sign' && text === sign
}

function fault(
  reason: string,
  query: string,
  { position, length }: Pick<Token, 'position' | 'length'>,
  suggestions: readonly string[] = [],
): QueryError {
  return new QueryError({ reason, query, position, length, suggestions })
}
