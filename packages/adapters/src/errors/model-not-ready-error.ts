import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The model is still being loaded. */
export class ModelNotReadyError extends DuoModelError {
  declare readonly code: 'model-not-ready'

  constructor(options: DuoModelErrorOptions) {
    super('model-not-ready', options, { phase: 'response', retryable: true })
  }

  override get name(): string {
    return 'ModelNotReadyError'
  }
}
