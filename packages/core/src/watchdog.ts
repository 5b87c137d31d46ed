import type { Clock } from './scheduling/clock.js'
import { type TimerWheel, timerWheelOf, WheelTimer } from './scheduling/timer-wheel.js'

/** Which limit of time was passed. */
export type TimeLimit = 'first-token' | 'inter-token' | 'total'

/** Limits of one call in milliseconds; `Infinity` is no limit. */
export interface TimeLimits {
  readonly firstTokenMs: number
  readonly interTokenMs: number
  readonly totalMs: number
}

/**
 * Watches the limits of one call with one timer that is hardly ever re-armed: a delta only writes down the time, and
 * the timer, when it fires, works out what is left. So a stream of any length costs a field write per read.
 */
export class Watchdog {
  readonly #limits: TimeLimits
  readonly #now: () => number
  readonly #expire: (limit: TimeLimit, limitMs: number) => void
  readonly #wheel: TimerWheel
  readonly #timer: WheelTimer
  readonly #totalDeadline: number
  /** When the wait that is going on began; `undefined` while the consumer, and not the server, is the one to act. */
  #waitingSince: number | undefined
  /** What earlier waits took since the last content, so that content-free messages do not renew a limit. */
  #waitedMs = 0
  #tokenLimit: 'first-token' | 'inter-token' = 'first-token'
  #timerDeadline = Number.POSITIVE_INFINITY
  #recheck: NodeJS.Immediate | undefined
  #stopped = false

  constructor(limits: TimeLimits, clock: Clock, expire: (limit: TimeLimit, limitMs: number) => void) {
    this.#limits = limits
    this.#now = clock.now
    this.#expire = expire
    this.#wheel = timerWheelOf(clock)
    this.#timer = new WheelTimer(this.#check)
    this.#totalDeadline = clock.now() + limits.totalMs
    this.#arm()
  }

  /** A new attempt begins; its limits count from the first `startWaiting()`. */
  startAttempt(): void {
    this.#tokenLimit = 'first-token'
    this.#waitedMs = 0
    this.#waitingSince = undefined
  }

  /** The client begins to wait for the server. */
  startWaiting(): void {
    this.#waitingSince = this.#now() - this.#waitedMs
    if (this.#deadline() < this.#timerDeadline) this.#arm()
  }

  /** How long the client has waited for the server by now, since the last content. */
  waitedMs(now: number): number {
    return this.#waitingSince === undefined ? 0 : now - this.#waitingSince
  }

  /** The server sent something, or the attempt ended. Only content renews a limit. */
  stopWaiting(isContent: boolean): void {
    if (this.#waitingSince === undefined) return
    this.#waitedMs = isContent ? 0 : this.#now() - this.#waitingSince
    this.#waitingSince = undefined
    if (isContent) this.#tokenLimit = 'inter-token'
  }

  /** The call is over. */
  stop(): void {
    this.#stopped = true
    this.#wheel.disarm(this.#timer)
    clearImmediate(this.#recheck)
  }

  #tokenLimitMs(): number {
    return this.#tokenLimit === 'first-token' ? this.#limits.firstTokenMs : this.#limits.interTokenMs
  }

  #deadline(): number {
    if (this.#waitingSince === undefined) return this.#totalDeadline
    return Math.min(this.#waitingSince + this.#tokenLimitMs(), this.#totalDeadline)
  }

  #arm(): void {
    this.#timerDeadline = this.#deadline()
    this.#wheel.arm(this.#timer, this.#timerDeadline)
  }

  readonly #check = (): void => {
    if (this.#deadline() > this.#now()) {
      this.#arm()
      return
    }
    // After the process was blocked or asleep, the answer may already wait in the socket: let it be read first.
    this.#recheck = setImmediate(() => {
      if (this.#stopped) return
      if (this.#deadline() > this.#now()) this.#arm()
      else this.#report()
    })
  }

  #report(): void {
    if (this.#totalDeadline <= this.#now()) {
      this.stop()
      this.#expire('total', this.#limits.totalMs)
    } else {
      this.#waitingSince = undefined
      this.#arm()
      this.#expire(this.#tokenLimit, this.#tokenLimitMs())
    }
  }
}
