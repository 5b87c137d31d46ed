import type { DuoModelError, DuoModelErrorCode } from '@duo-models/adapters'
import type { RetryBudget } from './retry-budget.js'

/** When a request that failed is sent again, and when another deployment may try it. */
export class RetryPolicy {
  readonly #maxAttempts: number
  readonly #maxRetryAfterMs: number

  constructor(options: { readonly maxAttempts: number; readonly maxRetryAfterMs: number }) {
    this.#maxAttempts = options.maxAttempts
    this.#maxRetryAfterMs = options.maxRetryAfterMs
  }

  /**
   * Whether the same deployment is asked again; takes the retry out of the budget.
   * @param attempt the attempt that failed, from 1
   */
  mayRetry(error: DuoModelError, attempt: number, budget: RetryBudget): boolean {
    if (!error.retryable || attempt >= this.#limitFor(error)) return false
    if (error.retryAfterMs !== undefined && error.retryAfterMs > this.#maxRetryAfterMs) return false
    return budget.trySpend()
  }

  /** Whether another deployment may do better: not where the request itself is at fault, or the caller gave up. */
  mayFallBack(error: DuoModelError): boolean {
    return !requestFaults.has(error.code)
  }

  /** A request that ran into a time-out is expensive: it is tried once more at most. */
  #limitFor(error: DuoModelError): number {
    return error.code === 'timeout' ? Math.min(this.#maxAttempts, 2) : this.#maxAttempts
  }
}

const requestFaults: ReadonlySet<DuoModelErrorCode> = new Set([
  'aborted',
  'compatibility',
  'content-filter',
  'context-length',
  'invalid-request',
  'queue-full',
  'structured-output-invalid',
  'unsupported-parameter',
])
