import type { FinishReason } from './finish-reason.js'
import type { Timing } from './timing.js'
import type { Usage } from './usage.js'

/**
 * What a streamed answer consists of, the same for every platform. Order: one `response-start`, any number of deltas,
 * filter reports and usage reports, one `response-end`. A failure is thrown by the iterator and is no event.
 */
export type StreamEvent =
  | ResponseStartEvent
  | TextDeltaEvent
  | ReasoningDeltaEvent
  | ToolCallStartEvent
  | ToolCallDeltaEvent
  | ToolCallEndEvent
  | ContentFilterEvent
  | UsageEvent
  | ResponseEndEvent

/** What an adapter yields: the same events, before the client adds the times it measured to the last one. */
export type AdapterEvent = Exclude<StreamEvent, ResponseEndEvent> | AdapterResponseEndEvent

/** The server accepted the request and the first piece of the answer is there. */
export interface ResponseStartEvent {
  readonly type: 'response-start'
  /** The server's id of this answer. */
  readonly id: string
  /** The name the server gave the model. */
  readonly model: string
}

/** A piece of the answer's text; never empty. */
export interface TextDeltaEvent {
  readonly type: 'text-delta'
  readonly text: string
}

/** A piece of what a reasoning model thinks before it answers; never empty. */
export interface ReasoningDeltaEvent {
  readonly type: 'reasoning-delta'
  readonly text: string
}

/** The model begins to call a tool. */
export interface ToolCallStartEvent {
  readonly type: 'tool-call-start'
  /** Position of the call in the answer, from 0; joins its start, deltas and end. */
  readonly index: number
  readonly id: string
  readonly name: string
}

/** A piece of the JSON text of a tool call's arguments. */
export interface ToolCallDeltaEvent {
  readonly type: 'tool-call-delta'
  readonly index: number
  readonly argumentsText: string
}

/** A tool call is complete. */
export interface ToolCallEndEvent {
  readonly type: 'tool-call-end'
  readonly index: number
  readonly id: string
  readonly name: string
  /** The whole JSON text of the arguments; it may be invalid JSON, so parse it with care. */
  readonly arguments: string
}

/** The platform's content filter has something to say about the prompt or the answer. */
export interface ContentFilterEvent {
  readonly type: 'content-filter'
  /** What was looked at. */
  readonly target: 'prompt' | 'output'
  /** Whether text was withheld. */
  readonly filtered: boolean
  /** The platform's own report. */
  readonly raw: unknown
}

/** Tokens so far. May come several times; each one replaces the one before. */
export interface UsageEvent {
  readonly type: 'usage'
  readonly usage: Usage
}

/** The answer is complete. Nothing follows. */
export interface ResponseEndEvent {
  readonly type: 'response-end'
  readonly finishReason: FinishReason
  readonly usage: Usage
  readonly timing: Timing
}

/** A complete answer, as the adapter reports it. */
export interface AdapterResponseEndEvent {
  readonly type: 'response-end'
  readonly finishReason: FinishReason
  readonly usage: Usage
}
