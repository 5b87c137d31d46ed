import type { FinishReason, Timing, Usage } from '@duo-models/adapters'

/** What is known of an answer that came to its end, besides the answer itself. */
export interface CallAnswer {
  readonly finishReason: FinishReason
  readonly usage: Usage
  readonly timing: Timing
}
