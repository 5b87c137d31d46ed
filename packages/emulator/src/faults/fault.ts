import type { BedrockExceptionName } from '../bedrock/bedrock-exception.js'
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
  /** Bytes of the next event that arrive too: the cut is then inside an event or a frame. Default: 0. */
  readonly bytesOfNextEvent?: number | undefined
}

/** Ends the body properly after some events, without the events that end a stream. Whole answers are left alone. */
export interface EndStreamFault extends FaultTrigger {
  readonly kind: 'end-stream'
  /** Events that still arrive. */
  readonly afterEvents: number
  /** Bytes of the next event that arrive too: the end is then inside an event or a frame. Default: 0. */
  readonly bytesOfNextEvent?: number | undefined
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
  /**
   * Write a comment line every so many milliseconds, as some proxies do. Streams of server-sent events only, so not with
   * Amazon Bedrock; not before headers. Default: never.
   */
  readonly keepAliveComments?: number | undefined
}

/** Delays the first token, or a whole answer. */
export interface SlowFirstTokenFault extends FaultTrigger {
  readonly kind: 'slow-first-token'
  readonly delayMs: number
}

/** Reports an error inside a stream and ends it as the platform does: vLLM with `[DONE]`. Whole answers are left alone. */
export interface ErrorEventFault extends FaultTrigger {
  readonly kind: 'error-event'
  /** Events that arrive before the error. Default: 0. */
  readonly afterEvents?: number | undefined
  /** The event's data: text as it is, another value as JSON. Default: the platform's own internal error. */
  readonly body?: JsonValue | undefined
}

/** Refuses as Amazon Bedrock does, with an exception. Bedrock only. */
export interface ExceptionFault extends FaultTrigger {
  readonly kind: 'exception'
  /** Decides status, `x-amzn-ErrorType` and, inside a stream, `:exception-type`. */
  readonly exception: BedrockExceptionName
  /** Default: what Bedrock says. */
  readonly message?: string | undefined
  /** Instead of an answer, or inside a stream; whole answers are then left alone. Default: `before-headers`. */
  readonly when?: 'before-headers' | 'mid-stream' | undefined
  /** For `mid-stream`: events that still arrive. Default: 0, the exception is the first frame. */
  readonly afterEvents?: number | undefined
  /**
   * For `mid-stream`: `exception` frames carry a modelled exception, `error` frames a code and a message in headers.
   * Default: `exception`.
   */
  readonly messageType?: 'exception' | 'error' | undefined
}

/** Refuses as Azure OpenAI does when a deployment has had enough. Azure OpenAI only. */
export interface RateLimitFault extends FaultTrigger {
  readonly kind: 'rate-limit'
  /** The wait that is asked for, in milliseconds. Default: 2,000. */
  readonly retryAfterMs?: number | undefined
  /**
   * Where the wait is told, beside the message: `retry-after` (seconds, standard deployments), `retry-after-ms` (both
   * headers, as provisioned deployments do), `policy` (`x-rate-limit-reset-tokens` with `policy-id`, and no
   * `retry-after`), or `message` (nowhere else). Default: `retry-after`.
   */
  readonly announcedBy?: 'retry-after' | 'retry-after-ms' | 'policy' | 'message' | undefined
  /** Instead of an answer, or inside a stream of status 200; whole answers are then left alone. Default: `before-headers`. */
  readonly when?: 'before-headers' | 'mid-stream' | undefined
  /** For `mid-stream`: events that still arrive. Default: 0. */
  readonly afterEvents?: number | undefined
}

/** Flips one bit of a frame and leaves its checksums as they were. Amazon Bedrock only; whole answers are left alone. */
export interface CorruptFrameFault extends FaultTrigger {
  readonly kind: 'corrupt-frame'
  /** Frames that arrive unharmed before the damaged one. */
  readonly afterEvents: number
  /** Where the bit is: the length, its checksum, the headers, the payload or the checksum of the frame. Default: `payload`. */
  readonly part?: 'length' | 'prelude-checksum' | 'headers' | 'payload' | 'message-checksum' | undefined
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
  | ExceptionFault
  | RateLimitFault
  | CorruptFrameFault
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
  'exception',
  'rate-limit',
  'corrupt-frame',
  'split-writes',
  'raw',
  'bytes',
] as const satisfies readonly Fault['kind'][]
