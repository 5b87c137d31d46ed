import { plainLine } from '../formats/plain-text.js'
import { caretsUnder, showWindow, windowAround } from '../formats/point-at.js'

const brand = Symbol.for('duo-models.QueryError')
const longestShown = 100

/** What a `QueryError` is made of. */
export interface QueryErrorDetails {
  /** What is wrong and what would be right, without the place. */
  readonly reason: string
  /** The whole query. */
  readonly query: string
  /** Where the offending word starts, in UTF-16 code units from 0. */
  readonly position: number
  /** How long it is; 0 at the end of the query. */
  readonly length: number
  /** Words that look most like it, nearest first. */
  readonly suggestions?: readonly string[] | undefined
}

/** A query that cannot be understood. The message says why, and shows the query with carets under the offending word. */
export class QueryError extends Error {
  override readonly name: string = 'QueryError'
  /** The whole query. */
  readonly query: string
  /** Where the offending word starts, in UTF-16 code units from 0. */
  readonly position: number
  /** How long it is; 0 at the end of the query. */
  readonly length: number
  /** Words that look most like the offending one, nearest first; never applied. */
  readonly suggestions: readonly string[]

  /** Makes the error and its message. */
  constructor({ reason, query, position, length, suggestions = [] }: QueryErrorDetails) {
    super(messageOf({ reason, query, position, length, suggestions }))
    this.query = query
    this.position = position
    this.length = length
    this.suggestions = suggestions
    Object.defineProperty(this, brand, { value: true })
  }

  /** Whether a value is a `QueryError`, of this copy of the package or of another one. */
  static is(value: unknown): value is QueryError {
    return value instanceof Error && Object.hasOwn(value, brand)
  }
}

function messageOf({ reason, query, position, length, suggestions = [] }: QueryErrorDetails): string {
  const hint = suggestions.length === 0 ? '' : ` Did you mean ${suggestions.map((word) => `'${word}'`).join(' or ')}?`
  // One line is shown; line breaks keep their width, so that the carets stay right.
  const line = plainLine(query).replaceAll('\uFFFD', ' ')
  const window = windowAround(line, position, longestShown)
  const carets = caretsUnder(line, window, position, Math.max(1, length))
  return `${reason}${hint}\n  ${showWindow(line, window)}\n  ${carets}`
}
