import type { JsonValue } from '../json.js'
import type { WireChunk, WireResponse } from './wire-response.js'

/** When a fault strikes. All conditions given must hold; with none, every request is hit. */
export interface FaultTrigger {
  /** The path, without the query, exactly. Default: any. */
  readonly path?: string | undefined
  /** The request method, in capitals. Default: any. */
  readonly method?: string | undefined
  /** Positions in the order of arrival, from 0, counting every request to the server. Default: any. */
  readonly requests?: readonly number[] | undefined
  /** Chance of a hit, 0 to 1, drawn from the emulator's seed. Default: 1. */
  readonly probability?: number | undefined
  /** How many matching requests pass before the first hit. Default: 0. */
  readonly after?: number | undefined
  /** How many requests are hit at most. Default: no limit; for `raw` with a `sequence`, its length. */
  readonly times?: number | undefined
}

/** Answers with a status at once: an overloaded server, a gateway, a rate limit. */
export interface StatusFault extends FaultTrigger {
  readonly kind: 'status'
  /** 200 to 599. */
  readonly status: number
  /** Headers to add, such as `retry-after`. `content-type` is guessed from the body unless given. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Text, or a value that is sent as JSON. Default: empty. */
  readonly body?: JsonValue | undefined
}

/** Answers with a page for people: a log-in page or a proxy's error page where JSON was expected. */
export interface HtmlFault extends FaultTrigger {
  readonly kind: 'html'
  /** Default: 200. */
  readonly status?: number | undefined
  /** The page. Default: a log-in page. */
  readonly body?: string | undefined
}

/** Closes the connection with FIN after some events, without the end of the chunked body. A whole answer is cut at half. */
export interface CutStreamFault extends FaultTrigger {
  readonly kind: 'cut-stream'
  /** Events that still arrive. */
  readonly afterEvents: number
}

/** Ends the chunked body properly after some events, without finish chunk and `[DONE]`. Whole answers are left alone. */
export interface EndStreamFault extends FaultTrigger {
  readonly kind: 'end-stream'
  /** Events that still arrive. */
  readonly afterEvents: number
}

/** Resets the connection (RST) when a request is complete, or in the middle of the answer. A whole answer is cut at half. */
export interface ResetFault extends FaultTrigger {
  readonly kind: 'reset'
  readonly when: 'before-headers' | 'mid-stream'
  /** For `mid-stream`: events that still arrive. Default: 1. */
  readonly afterEvents?: number | undefined
}

/** Resets a connection (RST) as soon as it is accepted. Counts connections, not requests, and records no request. */
export interface ResetOnAcceptFault extends Pick<FaultTrigger, 'probability' | 'after' | 'times'> {
  readonly kind: 'reset'
  readonly when: 'accept'
}

/** Falls silent with the connection open. A whole answer stalls before its headers, or at half for `mid-stream`. */
export interface StallFault extends FaultTrigger {
  readonly kind: 'stall'
  readonly when: 'before-headers' | 'before-first-token' | 'mid-stream'
  /** For `mid-stream`: events that still arrive. Default: 1. */
  readonly afterEvents?: number | undefined
  /** How long, in milliseconds, before the answer goes on. Default: until the client closes the connection. */
  readonly durationMs?: number | undefined
  /** Write a comment line every so many milliseconds, as some proxies do. Streams only, not before headers. Default: never. */
  readonly keepAliveComments?: number | undefined
}

/** Delays the first token, or a whole answer. */
export interface SlowFirstTokenFault extends FaultTrigger {
  readonly kind: 'slow-first-token'
  readonly delayMs: number
}

/** Reports an error inside a stream, then `[DONE]`. Whole answers are left alone. */
export interface ErrorEventFault extends FaultTrigger {
  readonly kind: 'error-event'
  /** Events that arrive before the error. Default: 0. */
  readonly afterEvents?: number | undefined
  /** The event's data: text as it is, another value as JSON. Default: the platform's own internal error. */
  readonly body?: JsonValue | undefined
}

/** Writes the answer in pieces of so many bytes, each a write of its own. The content is unharmed. */
export interface SplitWritesFault extends FaultTrigger {
  readonly kind: 'split-writes'
  /** 1 or more. */
  readonly bytes: number
}

/** Answers with exactly this response, or with one after another of a sequence. */
export interface RawFault extends FaultTrigger {
  readonly kind: 'raw'
  readonly response: WireResponse | { readonly sequence: readonly WireResponse[] }
}

/** Writes bytes to the socket that need not be HTTP, then closes or hangs. */
export interface BytesFault extends FaultTrigger {
  readonly kind: 'bytes'
  readonly chunks: readonly WireChunk[]
  /** `fin` (default) and `reset` close the connection; `hang` leaves it open and silent. */
  readonly end?: 'fin' | 'reset' | 'hang' | undefined
}

/** A fault that strikes one request. */
export type RequestFault =
  | StatusFault
  | HtmlFault
  | CutStreamFault
  | EndStreamFault
  | ResetFault
  | StallFault
  | SlowFirstTokenFault
  | ErrorEventFault
  | SplitWritesFault
  | RawFault
  | BytesFault

/** One way to misbehave, and when. Faults are data: they can be written in a file. */
export type Fault = RequestFault | ResetOnAcceptFault

/** Every kind of fault. */
export const faultKinds = [
  'status',
  'html',
  'cut-stream',
  'end-stream',
  'reset',
  'stall',
  'slow-first-token',
  'error-event',
  'split-writes',
  'raw',
  'bytes',
] as const satisfies readonly Fault['kind'][]
