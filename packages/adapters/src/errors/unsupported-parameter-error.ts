import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'
import type { ErrorDetails } from './error-details.js'

type Details = ErrorDetails['unsupported-parameter']

/** The server does not know, or does not allow, a member of the request. */
export class UnsupportedParameterError extends DuoModelError implements Details {
  declare readonly code: 'unsupported-parameter'
  /** The parameter in the server's spelling; absent where the server did not name it. */
  declare readonly parameter?: string

  constructor(options: DuoModelErrorOptions & { readonly parameter?: string | undefined }) {
    super('unsupported-parameter', options, { phase: 'response', retryable: false })
    if (options.parameter !== undefined) this.parameter = options.parameter
  }

  override get name(): string {
    return 'UnsupportedParameterError'
  }

  protected override details(): Record<string, unknown> {
    return this.parameter === undefined ? {} : { parameter: this.parameter }
  }
}
