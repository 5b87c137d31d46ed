import type { DuoModelErrorCode } from '../errors/duo-model-error-code.js'
import type { ToolCall } from '../message.js'
import type { Usage } from '../usage.js'

/** What a server sends for one request, byte for byte, and what an adapter must make of it. */
export interface WireExchange {
  /** Stable and unique; skips name it. */
  readonly id: string
  /** What is special about it, in a few words. */
  readonly name: string
  /** Where the bytes or the demand come from: a specification, a source file, an issue. */
  readonly source: string
  /** Whether the request asks for a stream. */
  readonly isStreamed: boolean
  /** What the server does; `refused` is a port nobody listens on. */
  readonly server: 'refused' | WireAnswer
  readonly expected: ExpectedOutcome
}

/** An answer as it goes over the socket. */
export interface WireAnswer {
  readonly status: number
  /** In the order they are sent. Without a `content-length` the body is chunked. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The pieces of the body: text, or bytes in hexadecimal. */
  readonly body: readonly (string | { readonly hex: string })[]
  /** What follows: the proper end of the body, a reset of the connection, or silence. */
  readonly end: 'end' | 'reset' | 'silence'
}

/** What the caller of an adapter must see. Members that are left out are not looked at. */
export type ExpectedOutcome = ExpectedAnswer | ExpectedError | ExpectedAbort

/** A complete answer. */
export interface ExpectedAnswer {
  readonly outcome: 'answer'
  readonly text: string
  /** The reason in the server's own words. */
  readonly rawFinishReason: string
  readonly usage?: Usage
  readonly toolCalls?: readonly ToolCall[]
  /** Refusing the answer with this code is as good. */
  readonly orCode?: DuoModelErrorCode
}

/** A typed error. */
export interface ExpectedError {
  readonly outcome: 'error'
  readonly code: DuoModelErrorCode
  readonly retryable?: boolean
  /** The status the error must carry. */
  readonly status?: number
  readonly retryAfterMs?: number
  /** Text that must have reached the caller, by events or in `error.partial`. */
  readonly partialText?: string
  /** Further members of the error, such as `parameter`. */
  readonly fields?: Readonly<Record<string, unknown>>
  /** Words the message must hold. */
  readonly messageContains?: string
}

/** The server falls silent; the caller aborts after the first text, and the adapter closes the connection. */
export interface ExpectedAbort {
  readonly outcome: 'abort'
  readonly partialText: string
}
