import type { DuoModelErrorCode, Usage } from '@duo-models/adapters'
import { LatencyHistogram } from '../stats/latency-histogram.js'
import type { BatchProgress } from './batch-progress.js'
import type { BatchResult } from './batch-result.js'

/** Counts and times one batch, in memory that does not grow with it. */
export class BatchMeter {
  readonly #total: number | undefined
  readonly #now: () => number
  readonly #errors = new Map<DuoModelErrorCode, number>()
  readonly #endToEnd = new LatencyHistogram()
  readonly #firstToken = new LatencyHistogram()
  #startedAt: number | undefined
  #endedAt: number | undefined
  #taken = 0
  #done = 0
  #failed = 0
  #inputTokens = 0
  #outputTokens = 0

  /** @param now a monotonic clock in milliseconds */
  constructor(total: number | undefined, now: () => number) {
    this.#total = total
    this.#now = now
  }

  /** Requests under way. */
  get running(): number {
    return this.#taken - this.#done
  }

  get hasStarted(): boolean {
    return this.#startedAt !== undefined
  }

  /** The batch begins; the clock runs from here. */
  start(): void {
    this.#startedAt = this.#now()
  }

  /** The batch is over; the clock stops. */
  end(): void {
    this.#endedAt = this.#now()
  }

  /** A request was taken from the source. */
  take(): void {
    this.#taken += 1
  }

  /** A request ended. */
  record(result: BatchResult): void {
    this.#done += 1
    if (result.ok) {
      const { timing, usage } = result.response
      this.#endToEnd.add(timing.endToEndLatencyMs)
      if (timing.timeToFirstTokenMs !== undefined) this.#firstToken.add(timing.timeToFirstTokenMs)
      this.#countTokens(usage)
    } else {
      this.#failed += 1
      this.#errors.set(result.error.code, (this.#errors.get(result.error.code) ?? 0) + 1)
      this.#countTokens(result.error.partial?.usage)
    }
  }

  /** How far the batch is. */
  progress(): BatchProgress {
    const elapsedMs = this.#elapsedMs()
    const perSecond = (count: number): number => (elapsedMs > 0 ? (count / elapsedMs) * 1_000 : 0)
    const etaMs = this.#etaMs(elapsedMs)
    return {
      ...(this.#total !== undefined && { total: this.#total }),
      done: this.#done,
      failed: this.#failed,
      running: this.running,
      errors: Object.fromEntries(this.#errors),
      elapsedMs,
      requestsPerSecond: perSecond(this.#done),
      outputTokensPerSecond: perSecond(this.#outputTokens),
      ...(etaMs !== undefined && { etaMs }),
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      endToEndLatencyMs: this.#endToEnd.summarise(),
      timeToFirstTokenMs: this.#firstToken.summarise(),
    }
  }

  #elapsedMs(): number {
    return this.#startedAt === undefined ? 0 : (this.#endedAt ?? this.#now()) - this.#startedAt
  }

  /** A total that turned out too small leaves nothing to expect. */
  #etaMs(elapsedMs: number): number | undefined {
    if (this.#total === undefined || this.#done === 0) return undefined
    return (Math.max(0, this.#total - this.#done) * elapsedMs) / this.#done
  }

  #countTokens(usage: Usage | undefined): void {
    this.#inputTokens += usage?.inputTokens ?? 0
    this.#outputTokens += usage?.outputTokens ?? 0
  }
}
