import type { DuoModelErrorCode } from '@duo-models/adapters'
import type { LatencySummary } from '../stats/latency-summary.js'

/** How far a batch is; a snapshot. */
export interface BatchProgress {
  /** How many requests there are; absent where nobody knows. */
  readonly total?: number
  /** Requests that have ended, failed ones included. */
  readonly done: number
  /** Requests that ended with an error. */
  readonly failed: number
  /** Requests under way. */
  readonly running: number
  /** How many failed with each code. */
  readonly errors: Readonly<Partial<Record<DuoModelErrorCode, number>>>
  /** Since the first request was taken. */
  readonly elapsedMs: number
  /** Ended requests per second, over the whole time. */
  readonly requestsPerSecond: number
  /** Generated tokens per second of all answers together, over the whole time. */
  readonly outputTokensPerSecond: number
  /** Time left at this rate; absent while the total or the rate is unknown. */
  readonly etaMs?: number
  /** Prompt tokens of all answers. Of failed requests, what the server had counted. */
  readonly inputTokens: number
  /** Generated tokens of all answers. Of failed requests, what the server had counted. */
  readonly outputTokens: number
  /** Of the answers, retries included. */
  readonly endToEndLatencyMs: LatencySummary
  /** Of the answers; measured with `stream: true` only. */
  readonly timeToFirstTokenMs: LatencySummary
}

/** What a batch came to. */
export interface BatchSummary extends BatchProgress {
  /** Whether every request ran; `false` where the reader left early. */
  readonly complete: boolean
}
