import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** This side holds as many waiting requests as it was allowed to. Nothing was sent. */
export class QueueFullError extends DuoModelError {
  declare readonly code: 'queue-full'

  constructor(options: DuoModelErrorOptions) {
    super('queue-full', options, { phase: 'queue', retryable: true })
  }

  override get name(): string {
    return 'QueueFullError'
  }
}
