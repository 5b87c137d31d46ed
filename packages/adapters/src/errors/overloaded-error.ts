import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The server is there and cannot take the request now. */
export class OverloadedError extends DuoModelError {
  declare readonly code: 'overloaded'

  constructor(options: DuoModelErrorOptions) {
    super('overloaded', options, { phase: 'response', retryable: true })
  }

  override get name(): string {
    return 'OverloadedError'
  }
}
