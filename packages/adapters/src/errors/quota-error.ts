import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** An allowance is used up. Waiting a little does not help. */
export class QuotaError extends DuoModelError {
  declare readonly code: 'quota'

  constructor(options: DuoModelErrorOptions) {
    super('quota', options, { phase: 'response', retryable: false })
  }

  override get name(): string {
    return 'QuotaError'
  }
}
