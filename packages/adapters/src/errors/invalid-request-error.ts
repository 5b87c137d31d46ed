import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The server refused the request as wrong. Sending it again changes nothing. */
export class InvalidRequestError extends DuoModelError {
  declare readonly code: 'invalid-request'

  constructor(options: DuoModelErrorOptions) {
    super('invalid-request', options, { phase: 'response', retryable: false })
  }

  override get name(): string {
    return 'InvalidRequestError'
  }
}
