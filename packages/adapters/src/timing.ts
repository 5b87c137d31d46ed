/** When what happened, on a monotonic clock of this process. */
export interface Timing {
  /** From the call to the first text, reasoning or tool-call delta; absent where none came or the answer was not streamed. */
  readonly timeToFirstTokenMs?: number
  /**
   * Mean time between two deltas after the first one; absent below two deltas. Servers may put several tokens into one
   * delta, so this is an upper bound of the time per token.
   */
  readonly interTokenLatencyMs?: number
  /** From the call to the end of the answer. */
  readonly endToEndLatencyMs: number
  /** How long the request waited on this side before it was sent. */
  readonly schedulerQueueTimeMs: number
}
