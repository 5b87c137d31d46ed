import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The server did not accept the key, or got none. */
export class AuthenticationError extends DuoModelError {
  declare readonly code: 'authentication'

  constructor(options: DuoModelErrorOptions) {
    super('authentication', options, { phase: 'response', retryable: false })
  }

  override get name(): string {
    return 'AuthenticationError'
  }
}
