import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The server is there and does not serve the model under the name it was asked for. */
export class ModelNotFoundError extends DuoModelError {
  declare readonly code: 'model-not-found'

  constructor(options: DuoModelErrorOptions) {
    super('model-not-found', options, { phase: 'response', retryable: false })
  }

  override get name(): string {
    return 'ModelNotFoundError'
  }
}
