import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The platform's content filter refused the prompt. */
export class ContentFilterError extends DuoModelError {
  declare readonly code: 'content-filter'

  constructor(options: DuoModelErrorOptions) {
    super('content-filter', options, { phase: 'response', retryable: false })
  }

  override get name(): string {
    return 'ContentFilterError'
  }
}
