import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** Too many requests or tokens in a short time. Wait at least `retryAfterMs`. */
export class RateLimitError extends DuoModelError {
  declare readonly code: 'rate-limit'

  constructor(options: DuoModelErrorOptions) {
    super('rate-limit', options, { phase: 'response', retryable: true })
  }

  override get name(): string {
    return 'RateLimitError'
  }
}
