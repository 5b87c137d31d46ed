import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { ResponseWriter } from './response-writer.js'

/** A request whose headers have arrived, and the place to answer it. */
export interface ReceivedRequest {
  readonly method: string
  /** Path and query exactly as received. */
  readonly path: string
  readonly httpVersion: '1.0' | '1.1' | '2.0'
  /** Names in lower case; with HTTP/2, pseudo-headers such as `:authority` too. */
  readonly headers: IncomingHttpHeaders
  /** The body as it arrives; throws when the client leaves before its end. */
  readonly body: Readable
  readonly writer: ResponseWriter
}
