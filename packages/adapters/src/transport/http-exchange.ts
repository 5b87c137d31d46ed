import type { Buffer } from 'node:buffer'

/** How far an exchange has come: no socket yet, request on its way, answer begun. */
export type ExchangeStage = 'connect' | 'request' | 'response'

/** One request and what it needs to be sent again. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** Header names in lower case; a header that came several times is an array. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** Who is told what comes back. Exactly one of `onEnd` and `onFailure` is the last call, unless the exchange was aborted. */
export interface HttpResponseHandler {
  onHead(status: number, headers: HttpHeaders): void
  onData(chunk: Buffer): void
  onEnd(): void
  onFailure(error: Error, stage: ExchangeStage): void
}

/** A running exchange. */
export interface HttpExchange {
  /** Stops reading from the socket. */
  pause(): void
  /** Reads on. Data that is already here is handed over before it returns. */
  resume(): void
  /** Closes the socket at once; the handler hears nothing more. */
  abort(): void
}

/** The first value of a header; `undefined` where it did not come. */
export function headerValue(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' || value === undefined ? value : value[0]
}
