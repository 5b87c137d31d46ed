import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The answer does not have the form that was asked for. Another attempt may. */
export class StructuredOutputInvalidError extends DuoModelError {
  declare readonly code: 'structured-output-invalid'

  constructor(options: DuoModelErrorOptions) {
    super('structured-output-invalid', options, { phase: 'response', retryable: false })
  }

  override get name(): string {
    return 'StructuredOutputInvalidError'
  }
}
