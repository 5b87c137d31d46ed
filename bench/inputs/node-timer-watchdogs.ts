import type { TimeLimits } from '../../packages/core/src/watchdog.js'

/** What a measurement asks of something that watches the limits of one stream. */
export interface MeasuredWatchdog {
  startWaiting(): void
  stopWaiting(isContent: boolean): void
  stop(): void
}

/** A Node timer of its own that is hardly ever re-armed: the timer works out what is left when it fires. */
export class LazyNodeTimer implements MeasuredWatchdog {
  readonly #limits: TimeLimits
  readonly #totalDeadline: number
  #waitingSince: number | undefined
  #limitMs: number
  #timer: NodeJS.Timeout | undefined
  #timerDeadline = Number.POSITIVE_INFINITY

  constructor(limits: TimeLimits) {
    this.#limits = limits
    this.#limitMs = limits.firstTokenMs
    this.#totalDeadline = performance.now() + limits.totalMs
    this.#arm()
  }

  startWaiting(): void {
    this.#waitingSince = performance.now()
    if (this.#deadline() < this.#timerDeadline) this.#arm()
  }

  stopWaiting(isContent: boolean): void {
    this.#waitingSince = undefined
    if (isContent) this.#limitMs = this.#limits.interTokenMs
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #deadline(): number {
    if (this.#waitingSince === undefined) return this.#totalDeadline
    return Math.min(this.#waitingSince + this.#limitMs, this.#totalDeadline)
  }

  #arm(): void {
    clearTimeout(this.#timer)
    this.#timerDeadline = this.#deadline()
    this.#timer = setTimeout(this.#check, Math.max(0, this.#timerDeadline - performance.now()))
  }

  readonly #check = (): void => {
    if (this.#deadline() > performance.now()) this.#arm()
  }
}

/** Two Node timers, one of which is set anew for every read: what comes to mind first. */
export class EagerNodeTimers implements MeasuredWatchdog {
  readonly #limits: TimeLimits
  readonly #total: NodeJS.Timeout
  #token: NodeJS.Timeout | undefined
  #limitMs: number

  constructor(limits: TimeLimits) {
    this.#limits = limits
    this.#limitMs = limits.firstTokenMs
    this.#total = setTimeout(this.#expire, limits.totalMs)
  }

  startWaiting(): void {
    this.#token = setTimeout(this.#expire, this.#limitMs)
  }

  stopWaiting(isContent: boolean): void {
    clearTimeout(this.#token)
    if (isContent) this.#limitMs = this.#limits.interTokenMs
  }

  stop(): void {
    clearTimeout(this.#total)
    clearTimeout(this.#token)
  }

  readonly #expire = (): void => {
    throw new RangeError('A limit was passed during a measurement.')
  }
}
