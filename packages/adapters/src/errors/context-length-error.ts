import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'
import type { ErrorDetails } from './error-details.js'

type Details = ErrorDetails['context-length']

/** What a {@link ContextLengthError} is made from. */
export interface ContextLengthErrorOptions extends DuoModelErrorOptions {
  /** Tokens the server can take, prompt and output together. */
  readonly maxModelLength?: number | undefined
  /** Tokens that were asked for, prompt and output together. */
  readonly requestedTokens?: number | undefined
}

/** Prompt and output together are longer than the model's context on this server. */
export class ContextLengthError extends DuoModelError implements Details {
  declare readonly code: 'context-length'
  /** Tokens the server can take; absent where it did not say. */
  declare readonly maxModelLength?: number
  /** Tokens that were asked for; absent where the server did not say. */
  declare readonly requestedTokens?: number

  constructor(options: ContextLengthErrorOptions) {
    super('context-length', options, { phase: 'response', retryable: false })
    if (options.maxModelLength !== undefined) this.maxModelLength = options.maxModelLength
    if (options.requestedTokens !== undefined) this.requestedTokens = options.requestedTokens
  }

  override get name(): string {
    return 'ContextLengthError'
  }

  protected override details(): Record<string, unknown> {
    const { maxModelLength, requestedTokens } = this
    return {
      ...(maxModelLength !== undefined && { maxModelLength }),
      ...(requestedTokens !== undefined && { requestedTokens }),
    }
  }
}
