import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** Nothing answers at the path: the endpoint is not the base URL of the API. */
export class NotFoundError extends DuoModelError {
  declare readonly code: 'not-found'

  constructor(options: DuoModelErrorOptions) {
    super('not-found', options, { phase: 'response', retryable: false })
  }

  override get name(): string {
    return 'NotFoundError'
  }
}
