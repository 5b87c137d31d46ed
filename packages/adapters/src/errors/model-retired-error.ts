import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The platform has withdrawn the model. Another model has to be configured. */
export class ModelRetiredError extends DuoModelError {
  declare readonly code: 'model-retired'

  constructor(options: DuoModelErrorOptions) {
    super('model-retired', options, { phase: 'response', retryable: false })
  }

  override get name(): string {
    return 'ModelRetiredError'
  }
}
