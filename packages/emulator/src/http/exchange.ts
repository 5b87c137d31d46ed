import type { IncomingHttpHeaders } from 'node:http'
import type { Reply } from './reply.js'

/** One request, read completely, and the reply to it. */
export interface Exchange {
  readonly method: string
  /** The path without the query, percent-encoding untouched. */
  readonly pathname: string
  /** What follows the first `?`, percent-encoding untouched; empty without one. */
  readonly query: string
  readonly headers: IncomingHttpHeaders
  /** The body as text. */
  readonly body: string
  /** The body as it was received. */
  readonly bodyBytes: Uint8Array
  readonly reply: Reply
}
