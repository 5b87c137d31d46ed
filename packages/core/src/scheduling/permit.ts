import type { DuoModelError, Usage } from '@duo-models/adapters'
import type { Replica } from '../routing/replica.js'

/** Told when a request is over, so that what it reserved can be corrected. */
export type SettleReservation = (failure: DuoModelError | undefined, usage: Usage) => void

const noUsage: Usage = {}

/** The right to send one request to one replica, and the duty to say what came of it. */
export class Permit {
  readonly replica: Replica
  readonly startedAt: number
  readonly #now: () => number
  readonly #settle: SettleReservation | undefined
  #period: number
  #isReleased = false

  /** @param settle corrects what was reserved of a rate limit */
  constructor(replica: Replica, now: () => number, settle?: SettleReservation) {
    this.replica = replica
    this.#now = now
    this.#settle = settle
    this.startedAt = now()
    this.#period = replica.circuit.admit()
    replica.inFlight += 1
  }

  /** The first content is here. */
  answer(): void {
    this.#period = this.replica.circuit.answer(this.#period, this.#now())
  }

  /** The replica is done with the request. Only the first call counts. */
  release(failure?: DuoModelError, usage: Usage = failure?.partial?.usage ?? noUsage): void {
    if (this.#isReleased) return
    this.#isReleased = true
    const { replica } = this
    const now = this.#now()
    replica.inFlight -= 1
    replica.statistics.end(failure)
    if (failure === undefined) replica.circuit.succeed(this.#period, now)
    else {
      replica.circuit.fail(this.#period, failure, this.startedAt, now)
      if (failure.retryAfterMs !== undefined) replica.pauseUntil(now + failure.retryAfterMs)
    }
    this.#settle?.(failure, usage)
  }
}
