import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** Bedrock serves the model through an inference profile only, and the plain model id was used. */
export class InferenceProfileRequiredError extends DuoModelError {
  declare readonly code: 'inference-profile-required'

  constructor(options: DuoModelErrorOptions) {
    super('inference-profile-required', options, { phase: 'response', retryable: false })
  }

  override get name(): string {
    return 'InferenceProfileRequiredError'
  }
}
