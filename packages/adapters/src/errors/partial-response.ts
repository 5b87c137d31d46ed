import type { ToolCall } from '../message.js'
import type { Usage } from '../usage.js'

/** What had arrived before a request failed. It is content: it never appears in a message, in JSON or in a log. */
export interface PartialResponse {
  readonly text: string
  readonly reasoning: string
  /** Tool calls so far; the last one may be cut off, so do not run it. */
  readonly toolCalls: readonly ToolCall[]
  /** What the server had counted last, or an estimate where it counts nothing; absent where nothing had come. */
  readonly usage?: Usage
}
