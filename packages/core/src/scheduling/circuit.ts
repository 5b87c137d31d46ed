import { DuoModelError } from '@duo-models/adapters'
import { judgeFailure } from './judge-failure.js'
import { sharedCauseOf } from './shared-cause.js'

/** When a replica is left alone, and for how long. */
export interface CircuitSettings {
  /** Failures in a row, with no answer between them, that open the circuit. `Infinity` keeps it closed. */
  readonly failureThreshold: number
  /** How long a replica is left alone at first; doubled each time its probe fails. */
  readonly ejectionMs: number
  /** The longest it is left alone. */
  readonly maxEjectionMs: number
}

/** `closed`: takes requests. `open`: takes none. `half-open`: one request is finding out. */
export type CircuitState = 'closed' | 'open' | 'half-open'

/** Recent errors fade within about this time. */
const errorFadingMs = 10_000
/** Requests under way that one recent error counts as: who fails at once must not look idle. */
export const loadPerError = 5
/** Answers after which a replica that has come back takes as much as any other. */
const recoveryAnswers = 64

/**
 * Keeps requests away from a replica that fails. Failures in a row open the circuit; after a while that grows with every
 * failed probe, exactly one request is let through, and its answer closes it. Then load grows by one request per answer.
 * Where the server can be asked whether it is able to work, its word takes the place of that request.
 *
 * Each admitted request carries the number of the circuit's period it began in, so that a failure from before the
 * circuit opened cannot prolong an ejection, and an answer to an old request cannot end one. Failures with a shared cause
 * count once, however many requests they end.
 */
export class Circuit {
  /** Told when the replica is left alone (`open`), and when it is back (`closed`). */
  onChange: ((state: 'open' | 'closed') => void) | undefined
  /** Whether health checks find out when the replica is back: then no request is let through to do so. */
  isGuarded = false
  readonly #settings: CircuitSettings
  readonly #random: () => number
  /** Causes of several failures, of which one was counted. */
  readonly #countedCauses = new WeakSet<object>()
  #period = 0
  #isOpen = false
  #isProbing = false
  #failuresInRow = 0
  #failedChecks = 0
  #failingSince = 0
  #ejections = 0
  #probeAt = 0
  #closedAt = Number.NEGATIVE_INFINITY
  #lastAnswerAt = Number.NEGATIVE_INFINITY
  #lastFailure: DuoModelError | undefined
  #allowance = Number.POSITIVE_INFINITY
  #errors = 0
  #errorsAt = 0

  /** @param random a number from 0 up to 1; spreads the probes of many clients */
  constructor(settings: CircuitSettings, random: () => number) {
    this.#settings = settings
    this.#random = random
  }

  get state(): CircuitState {
    if (!this.#isOpen) return 'closed'
    return this.#isProbing ? 'half-open' : 'open'
  }

  /** When the failures in a row began that opened the circuit. */
  get failingSince(): number {
    return this.#failingSince
  }

  /** When the next probe may be sent, or the next question after its health asked. */
  get probeAt(): number {
    return this.#probeAt
  }

  /** The failure that counted last. */
  get lastFailure(): DuoModelError | undefined {
    return this.#lastFailure
  }

  /** When the server answered a request last. */
  get lastAnswerAt(): number {
    return this.#lastAnswerAt
  }

  /** Whether a request may be sent now. */
  isAvailable(now: number): boolean {
    return !this.#isOpen || (!this.#isProbing && !this.isGuarded && now >= this.#probeAt)
  }

  /** Lets load grow by one request per answer, as for a replica that has come back. */
  startGently(): void {
    this.#allowance = 1
  }

  /** Whether a replica that has just come back should get one more request beside those it has. */
  hasRoom(inFlight: number): boolean {
    return inFlight < this.#allowance
  }

  /** Recent errors, counted as requests under way. */
  errorLoad(now: number): number {
    if (this.#errors === 0) return 0
    if (this.#fadedErrors(now) < 0.01) this.#errors = 0
    return this.#fadedErrors(now) * loadPerError
  }

  /**
   * A request is sent; while the circuit is open it is the probe.
   * @returns the period it belongs to
   */
  admit(): number {
    if (this.#isOpen) {
      this.#isProbing = true
      this.#period += 1
    }
    return this.#period
  }

  /**
   * The server answered: its first content came, or a refusal that shows it is at work.
   * @returns the period the request belongs to from here on
   */
  answer(period: number, now: number): number {
    this.#lastAnswerAt = now
    if (period !== this.#period) return period
    this.#failedChecks = 0
    if (this.#isOpen) this.#close(now)
    else if (++this.#allowance > recoveryAnswers) this.#allowance = Number.POSITIVE_INFINITY
    return this.#period
  }

  /** The answer is complete. */
  succeed(period: number, now: number): void {
    this.answer(period, now)
    if (period === this.#period || !this.#isOpen) this.#failuresInRow = this.#failedChecks = 0
  }

  /** The request failed. What does not speak against the replica counts as an answer, or not at all. */
  fail(period: number, error: DuoModelError, startedAt: number, now: number): void {
    const judgement = this.#isPatience(error, startedAt, now) ? 'unknown' : judgeFailure(error)
    if (judgement === 'unknown') this.cancel(period)
    else if (judgement === 'replica') this.#countFailure(period, error, now)
    else {
      if (judgement === 'refusal' && this.#isFirstOfItsCause(error)) this.#addError(now)
      this.succeed(period, now)
    }
  }

  /** Nothing is known about the replica: the caller gave up. The next request may be the probe instead. */
  cancel(period: number): void {
    if (period === this.#period) this.#isProbing = false
  }

  /**
   * The server says that it is able to work. One that was left alone is back on trial: the next failure of a request
   * opens the circuit again, for longer.
   */
  hearHealthy(now: number): void {
    this.#failedChecks = 0
    if (!this.#isOpen) return
    this.#close(now)
    this.#failuresInRow = this.#settings.failureThreshold - 1
  }

  /** It does not: counts like a failed request, unless a request was answered since it was asked. */
  hearUnhealthy(error: DuoModelError, askedAt: number, now: number): void {
    if (this.#lastAnswerAt >= askedAt) return
    this.#lastFailure = error
    if (this.#isOpen) return
    this.#addError(now)
    if (this.#failed === 0) this.#failingSince = now
    this.#failedChecks += 1
    if (this.#failed >= this.#settings.failureThreshold) this.#open(now, error.retryAfterMs ?? 0)
  }

  /** Its health is not known before then. */
  postponeProbe(until: number): void {
    this.#probeAt = Math.max(this.#probeAt, until)
  }

  /** Failures in a row, of requests and of health checks. */
  get #failed(): number {
    return this.#failuresInRow + this.#failedChecks
  }

  /**
   * Whether a time-out says more about the limit than about the replica: it answered others meanwhile, or the limit of
   * the whole call had gone by before this attempt.
   */
  #isPatience(error: DuoModelError, startedAt: number, now: number): boolean {
    if (!DuoModelError.is(error, 'timeout')) return false
    if (this.#lastAnswerAt > startedAt) return true
    return error.which === 'total' && (now - startedAt) * 2 < (error.timeoutMs ?? 0)
  }

  #countFailure(period: number, error: DuoModelError, now: number): void {
    if (period !== this.#period || !this.#isFirstOfItsCause(error)) return
    this.#addError(now)
    this.#lastFailure = error
    if (this.#isOpen) {
      this.#isProbing = false
      this.#eject(now, error.retryAfterMs ?? 0)
      return
    }
    if (this.#failed === 0) this.#failingSince = now
    this.#failuresInRow += 1
    if (this.#failed >= this.#settings.failureThreshold) this.#open(now, error.retryAfterMs ?? 0)
  }

  /** Whether no other failure of the same cause was counted before; this one is from here on. */
  #isFirstOfItsCause(error: DuoModelError): boolean {
    const cause = sharedCauseOf(error)
    if (cause === undefined) return true
    if (this.#countedCauses.has(cause)) return false
    this.#countedCauses.add(cause)
    return true
  }

  #open(now: number, atLeastMs: number): void {
    this.#isOpen = true
    this.#period += 1
    // Who fails again soon after it came back goes on from the pause it had.
    if (now - this.#closedAt > this.#settings.maxEjectionMs) this.#ejections = 0
    this.#eject(now, atLeastMs)
    this.onChange?.('open')
  }

  #eject(now: number, atLeastMs: number): void {
    const { ejectionMs, maxEjectionMs } = this.#settings
    const longestMs = Math.min(maxEjectionMs, ejectionMs * 2 ** this.#ejections)
    this.#ejections += 1
    this.#probeAt = now + Math.max(atLeastMs, longestMs * (0.75 + 0.25 * this.#random()))
  }

  #close(now: number): void {
    this.#isOpen = false
    this.#isProbing = false
    this.#period += 1
    this.#failuresInRow = this.#failedChecks = 0
    this.#closedAt = now
    // It is built up again one by one: that is care enough.
    this.#errors = 0
    this.#allowance = 1
    this.onChange?.('closed')
  }

  #addError(now: number): void {
    this.#errors = this.#fadedErrors(now) + 1
    this.#errorsAt = now
  }

  #fadedErrors(now: number): number {
    return this.#errors === 0 ? 0 : this.#errors * Math.exp((this.#errorsAt - now) / errorFadingMs)
  }
}
