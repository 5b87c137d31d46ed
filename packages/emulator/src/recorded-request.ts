import type { JsonValue } from './json.js'

/** One request as the emulator received it, and what became of it. Fields fill in while the request runs. */
export interface RecordedRequest {
  /** Position in the order of arrival since the emulator started, from 0. Stays valid when old records are dropped. */
  readonly index: number
  readonly method: string
  /** Path and query exactly as on the request line, percent-encoding untouched. */
  readonly path: string
  readonly httpVersion: '1.0' | '1.1' | '2.0'
  /**
   * Header names in lower case; repeated headers joined as Node does; with HTTP/2 the pseudo-headers too. Holds credentials
   * if the client sent them.
   */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The whole body as text; empty until it has arrived. */
  readonly body: string
  /** The body as JSON, or `undefined` when it is empty or not JSON. */
  readonly json: JsonValue | undefined
  /** When the headers arrived, in milliseconds since 1970. */
  readonly startedAt: number
  /** Status line sent, or `undefined` while none was. */
  readonly status: number | undefined
  /** Whether the whole response, as the emulator meant it, was handed to the socket. */
  readonly finished: boolean
  /** Whether the client closed the connection before the response was complete. */
  readonly closedByClient: boolean
  /** When the response finished or the connection closed, in milliseconds since 1970. */
  readonly endedAt: number | undefined
  /** Body bytes written, without chunked framing. */
  readonly bytesWritten: number
  /** Events written on a stream: `data:` events, `[DONE]` included, or frames. */
  readonly eventsWritten: number
  /** The kind of the fault that hit this request, if one did. */
  readonly fault: string | undefined
}

/** The same record while the server still fills it in. */
export type OpenRecord = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] }
