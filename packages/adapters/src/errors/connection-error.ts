import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The connection could not be opened, or it ended before the answer began. */
export class ConnectionError extends DuoModelError {
  declare readonly code: 'connection'

  constructor(options: DuoModelErrorOptions) {
    super('connection', options, { phase: 'connect', retryable: true })
  }

  override get name(): string {
    return 'ConnectionError'
  }
}
