import { AbortedError, type AdapterCall, type DuoModelError, TimeoutError } from '@duo-models/adapters'
import { addAbortListener, removeAbortListener } from './abort-listeners.js'
import { AttemptCall, type ReportListener } from './attempt-call.js'
import type { Clock } from './scheduling/clock.js'
import type { Priority } from './scheduling/priority.js'
import { type TimeLimit, type TimeLimits, Watchdog } from './watchdog.js'

/** What a call is made of. */
export interface CallParts {
  readonly requestId: string
  readonly limits: TimeLimits
  readonly signal: AbortSignal | undefined
  readonly clock: Clock
  /** @default 'interactive' */
  readonly priority?: Priority | undefined
}

/**
 * One call of the caller, over all its attempts: its signal, its limits of time, and the certainty that every wait
 * ends. A wait ends with the call's own failure even if an adapter ignores the signal it was given.
 */
export class Call {
  /** The same on every attempt, so that a server's log shows them as one request. */
  readonly requestId: string
  readonly startedAt: number
  readonly watchdog: Watchdog
  readonly priority: Priority
  /** When the answer must be complete, in milliseconds of the clock. */
  readonly deadlineAt: number
  /** How long it has waited for its turn on this side. */
  queuedMs = 0
  /** Where it is among the calls that are under way; kept by `RunningCalls`. */
  position = -1
  readonly #clock: Clock
  readonly #signal: AbortSignal | undefined
  #attempt: AttemptCall | undefined
  #failure: DuoModelError | undefined
  #attemptFailure: DuoModelError | undefined
  #rejectWait: ((error: DuoModelError) => void) | undefined

  constructor(options: CallParts) {
    this.requestId = options.requestId
    this.priority = options.priority ?? 'interactive'
    this.#clock = options.clock
    this.startedAt = options.clock.now()
    this.deadlineAt = this.startedAt + options.limits.totalMs
    this.#signal = options.signal
    this.watchdog = new Watchdog(options.limits, options.clock, this.#onTimeLimit)
    if (this.#signal?.aborted) this.#onAbort()
    else if (this.#signal !== undefined) addAbortListener(this.#signal, this.#onAbort)
  }

  /** What ended the call from this side: an abort, a time-out, a closed client. */
  get failure(): DuoModelError | undefined {
    return this.#failure
  }

  /** What ended the attempt that is going on, though not the call: a time-out. */
  get attemptFailure(): DuoModelError | undefined {
    return this.#attemptFailure
  }

  /** Milliseconds since the call began. */
  elapsedMs(): number {
    return this.#clock.now() - this.startedAt
  }

  /**
   * Begins an attempt; it is told when it or the call is given up.
   * @param listener told what the server says about itself
   * @param isCollected whether a stream is put together again
   */
  startAttempt(listener?: ReportListener, isCollected?: boolean): AdapterCall {
    this.#attempt = new AttemptCall(this.requestId, this.priority, listener, isCollected)
    this.#attemptFailure = undefined
    this.watchdog.startAttempt()
    return this.#attempt
  }

  /** Gives up the attempt that is going on, so that its socket closes; the call itself goes on. */
  abandonAttempt(): void {
    this.#attempt?.abort()
    this.#attempt = undefined
  }

  /** Ends the call with a failure: closes the socket and wakes whoever waits. The first failure counts. */
  fail(error: DuoModelError): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    this.end()
    this.abandonAttempt()
    this.#rejectWait?.(error)
  }

  /**
   * Says who is to be told when the call or its attempt fails, in the place of whoever was before. For a wait that
   * happens once per read, where {@link wait} would cost a promise more.
   */
  onFailure(listener: (error: DuoModelError) => void): void {
    this.#rejectWait = listener
    if (this.#failure !== undefined) listener(this.#failure)
  }

  /** Waits for a promise, or for the failure of the call or of its attempt if that comes first. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#rejectWait = reject
      promise.then(resolve, (error: unknown) => reject(this.#failure ?? this.#attemptFailure ?? error))
      if (this.#failure !== undefined) reject(this.#failure)
    })
  }

  /** Pauses between two attempts. */
  async sleep(delayMs: number): Promise<void> {
    let stopTimer: (() => void) | undefined
    try {
      await this.wait(new Promise<void>((resolve) => (stopTimer = this.#clock.setTimer(delayMs, resolve))))
    } finally {
      stopTimer?.()
    }
  }

  /** Lets go of the signal and the timer; after it nothing of the call is left behind. */
  end(): void {
    this.watchdog.stop()
    if (this.#signal !== undefined) removeAbortListener(this.#signal, this.#onAbort)
  }

  readonly #onAbort = (): void => {
    this.fail(
      new AbortedError({
        message: 'The call was aborted by its signal.',
        cause: this.#signal?.reason,
        requestId: this.requestId,
      }),
    )
  }

  readonly #onTimeLimit = (limit: TimeLimit, limitMs: number): void => {
    const error = new TimeoutError({
      ...describeTimeLimit(limit, limitMs),
      timeoutMs: limitMs,
      requestId: this.requestId,
    })
    if (limit === 'total') this.fail(error)
    else this.#failAttempt(error)
  }

  /** Ends the attempt only: another one may still succeed. */
  #failAttempt(error: DuoModelError): void {
    this.#attemptFailure = error
    this.abandonAttempt()
    this.#rejectWait?.(error)
  }
}

const advice = {
  'first-token':
    'The server accepted no work or is still in its queue: look at its load, or raise `timeouts.firstTokenMs`.',
  'inter-token': 'The server stalled in the middle of the answer: look at its log, or raise `timeouts.interTokenMs`.',
  total: 'Ask for fewer tokens (`maxOutputTokens`), or raise `timeouts.totalMs`.',
} as const

const waitedFor = {
  'first-token': 'No first token came',
  'inter-token': 'No further token came',
  total: 'The call did not end',
} as const

function describeTimeLimit(limit: TimeLimit, limitMs: number) {
  return {
    message: `${waitedFor[limit]} within ${limitMs} ms. ${advice[limit]}`,
    which: limit,
    phase: limit === 'first-token' ? ('first-token' as const) : ('stream' as const),
  }
}
