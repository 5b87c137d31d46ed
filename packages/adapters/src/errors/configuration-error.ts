import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The configuration, or an option, cannot be used. Nothing was sent. */
export class ConfigurationError extends DuoModelError {
  declare readonly code: 'configuration'

  constructor(options: DuoModelErrorOptions) {
    super('configuration', options, { phase: 'configuration', retryable: false })
  }

  override get name(): string {
    return 'ConfigurationError'
  }
}
