import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'
import type { ErrorDetails } from './error-details.js'

type Details = ErrorDetails['structured-output-invalid']

/** What a {@link StructuredOutputInvalidError} is made from. */
export interface StructuredOutputInvalidErrorOptions extends DuoModelErrorOptions {
  /** JSON Pointer to the value in the answer that is wrong. */
  readonly path?: string | undefined
}

/** The answer is complete and does not have the form that was asked for. `partial` holds it. Another attempt may. */
export class StructuredOutputInvalidError extends DuoModelError implements Details {
  declare readonly code: 'structured-output-invalid'
  /** JSON Pointer to the value in the answer that is wrong; absent where the whole answer is, as with text that is not JSON. */
  declare readonly path?: string

  constructor(options: StructuredOutputInvalidErrorOptions) {
    super('structured-output-invalid', options, { phase: 'response', retryable: false })
    if (options.path !== undefined) this.path = options.path
  }

  override get name(): string {
    return 'StructuredOutputInvalidError'
  }

  protected override details(): Record<string, unknown> {
    return this.path === undefined ? {} : { path: this.path }
  }
}
