import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'
import type { ErrorDetails } from './error-details.js'
import type { ErrorPhase } from './error-phase.js'
import type { TimeLimit } from './time-limit.js'

type Details = ErrorDetails['timeout']

/** What a {@link TimeoutError} is made from. */
export interface TimeoutErrorOptions extends DuoModelErrorOptions {
  /** The limit that was passed, in milliseconds. Left out where the server gave up. */
  readonly timeoutMs?: number | undefined
  readonly which: TimeLimit
}

const phases: Readonly<Record<TimeLimit, ErrorPhase>> = {
  connect: 'connect',
  'first-token': 'first-token',
  'inter-token': 'stream',
  total: 'request',
  server: 'response',
}

/** A limit of time was passed. `which` says which one, and `partial` what had arrived. */
export class TimeoutError extends DuoModelError implements Details {
  declare readonly code: 'timeout'
  /** The limit in milliseconds; absent where the server and not this side gave up. */
  declare readonly timeoutMs?: number
  /** Which limit was passed. */
  readonly which: TimeLimit

  constructor(options: TimeoutErrorOptions) {
    super('timeout', options, { phase: phases[options.which], retryable: options.which !== 'total' })
    if (options.timeoutMs !== undefined) this.timeoutMs = options.timeoutMs
    this.which = options.which
  }

  override get name(): string {
    return 'TimeoutError'
  }

  protected override details(): Record<string, unknown> {
    return { which: this.which, ...(this.timeoutMs !== undefined && { timeoutMs: this.timeoutMs }) }
  }
}
