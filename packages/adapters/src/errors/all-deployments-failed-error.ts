import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'
import type { ErrorDetails } from './error-details.js'
import { safeCause } from './safe-cause.js'

type Details = ErrorDetails['all-deployments-failed']

/** What an {@link AllDeploymentsFailedError} is made from. */
export interface AllDeploymentsFailedErrorOptions extends DuoModelErrorOptions {
  /** What each deployment failed with, in the order they were tried. */
  readonly errors: readonly unknown[]
  /** Requests that were sent, retries included. Default: one for each error. */
  readonly attempts?: number | undefined
}

/** Every deployment that may serve the feature was tried, and each one failed. */
export class AllDeploymentsFailedError extends DuoModelError implements Details {
  declare readonly code: 'all-deployments-failed'
  /** What each deployment failed with, in the order they were tried. */
  readonly errors: readonly Error[]
  /** Requests that were sent, retries included. */
  readonly attempts: number

  constructor(options: AllDeploymentsFailedErrorOptions) {
    super('all-deployments-failed', options, { phase: 'response', retryable: false })
    this.errors = options.errors.map((error) => safeCause(error)).filter((error) => error instanceof Error)
    this.attempts = options.attempts ?? this.errors.length
  }

  override get name(): string {
    return 'AllDeploymentsFailedError'
  }

  protected override details(): Record<string, unknown> {
    return { attempts: this.attempts, errors: this.errors.map(errorJson) }
  }
}

function errorJson(error: Error): unknown {
  return DuoModelError.is(error) ? error.toJSON() : { name: error.name, message: error.message }
}
