import type { FinishReason } from './finish-reason.js'
import type { ToolCall } from './message.js'
import type { ContentFilterEvent } from './stream-event.js'
import type { Usage } from './usage.js'

/** A whole answer, as the adapter reports it; the client adds times, deployment and attempts. */
export interface AdapterResponse {
  /** The server's id of this answer. */
  readonly id: string
  /** The name the server gave the model. */
  readonly model: string
  readonly text: string
  /** What a reasoning model thought before it answered. */
  readonly reasoning?: string
  readonly toolCalls: readonly ToolCall[]
  readonly finishReason: FinishReason
  readonly usage: Usage
  /** What the platform's content filter reported. */
  readonly contentFilters?: readonly ContentFilterEvent[]
}
