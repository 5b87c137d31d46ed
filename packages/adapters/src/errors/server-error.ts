import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The server failed. */
export class ServerError extends DuoModelError {
  declare readonly code: 'server'

  constructor(options: DuoModelErrorOptions) {
    super('server', options, { phase: 'response', retryable: true })
  }

  override get name(): string {
    return 'ServerError'
  }
}
