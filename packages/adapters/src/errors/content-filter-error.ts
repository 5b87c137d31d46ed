import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'
import type { ErrorDetails } from './error-details.js'

type Details = ErrorDetails['content-filter']

/** The platform's content filter refused the prompt. */
export class ContentFilterError extends DuoModelError implements Details {
  declare readonly code: 'content-filter'
  /** The platform's names of what was found, such as `jailbreak`; absent where it did not say. */
  declare readonly categories?: readonly string[]

  constructor(options: DuoModelErrorOptions & { readonly categories?: readonly string[] | undefined }) {
    super('content-filter', options, { phase: 'response', retryable: false })
    if (options.categories !== undefined) this.categories = options.categories
  }

  override get name(): string {
    return 'ContentFilterError'
  }

  protected override details(): Record<string, unknown> {
    return this.categories === undefined ? {} : { categories: this.categories }
  }
}
