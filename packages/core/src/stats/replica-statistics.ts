import type { DuoModelError, DuoModelErrorCode, Timing, Usage } from '@duo-models/adapters'
import type { TokenCounts } from './client-stats.js'
import { LatencyHistogram } from './latency-histogram.js'

/** What one replica has done since the client was made, in memory that does not grow. */
export class ReplicaStatistics {
  readonly timeToFirstToken = new LatencyHistogram()
  readonly interToken = new LatencyHistogram()
  readonly endToEnd = new LatencyHistogram()
  readonly #errors = new Map<DuoModelErrorCode, number>()
  #answers = 0
  #failures = 0
  #inputTokens = 0
  #outputTokens = 0
  #cacheReadTokens = 0

  /** Attempts that were answered to the end. */
  get answers(): number {
    return this.#answers
  }

  /** Attempts that failed, those the caller gave up included. */
  get failures(): number {
    return this.#failures
  }

  get errors(): Readonly<Partial<Record<DuoModelErrorCode, number>>> {
    return Object.fromEntries(this.#errors)
  }

  get tokens(): TokenCounts {
    return { input: this.#inputTokens, output: this.#outputTokens, cacheRead: this.#cacheReadTokens }
  }

  /** An attempt ended. */
  end(failure: DuoModelError | undefined): void {
    if (failure === undefined) {
      this.#answers += 1
      return
    }
    this.#failures += 1
    this.#errors.set(failure.code, (this.#errors.get(failure.code) ?? 0) + 1)
  }

  /**
   * An answer is complete.
   * @param earlierMs what the call had taken before it was sent here: retries elsewhere are not this replica's doing
   */
  measure(
    { timeToFirstTokenMs, interTokenLatencyMs, endToEndLatencyMs }: Timing,
    usage: Usage,
    earlierMs: number,
  ): void {
    if (timeToFirstTokenMs !== undefined) this.timeToFirstToken.add(timeToFirstTokenMs - earlierMs)
    if (interTokenLatencyMs !== undefined) this.interToken.add(interTokenLatencyMs)
    this.endToEnd.add(endToEndLatencyMs - earlierMs)
    this.countTokens(usage)
  }

  /** Tokens the server counted, also for an answer that did not come to its end. */
  countTokens(usage: Usage): void {
    this.#inputTokens += usage.inputTokens ?? 0
    this.#outputTokens += usage.outputTokens ?? 0
    this.#cacheReadTokens += usage.cacheReadTokens ?? 0
  }
}
