import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The key is good, and it may not do this. */
export class PermissionError extends DuoModelError {
  declare readonly code: 'permission'

  constructor(options: DuoModelErrorOptions) {
    super('permission', options, { phase: 'response', retryable: false })
  }

  override get name(): string {
    return 'PermissionError'
  }
}
