import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** The answer stopped before it was complete. `partial` has what had arrived; it is not a result. Retry only while nothing of it was used. */
export class StreamInterruptedError extends DuoModelError {
  declare readonly code: 'stream-interrupted'

  constructor(options: DuoModelErrorOptions) {
    super('stream-interrupted', options, { phase: 'stream', retryable: true })
  }

  override get name(): string {
    return 'StreamInterruptedError'
  }
}
