import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The caller gave the request up. `partial` has what had arrived. */
export class AbortedError extends DuoModelError {
  declare readonly code: 'aborted'

  constructor(options: DuoModelErrorOptions) {
    super('aborted', options, { phase: 'request', retryable: false })
  }

  override get name(): string {
    return 'AbortedError'
  }
}
