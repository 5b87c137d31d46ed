import type { DuoModelError, ServerReport, Usage } from '@duo-models/adapters'
import type { ModelRequest } from '../model-request.js'
import type { Replica } from '../routing/replica.js'
import type { Reservation } from './rate-limiter.js'

/** Who gave a permit, told what becomes of it. */
export interface PermitOwner {
  /** The server said something about itself in the head of its answer. */
  onReport(permit: Permit, report: ServerReport): void
  /** The request is over: what it reserved can be corrected. */
  onRelease(permit: Permit, failure: DuoModelError | undefined, usage: Usage): void
}

const noUsage: Usage = {}

/** The right to send one request to one replica, and the duty to say what came of it. */
export class Permit {
  readonly replica: Replica
  readonly startedAt: number
  readonly request: ModelRequest
  /** What it was given of a rate limit; `undefined` where nothing is limited. */
  readonly reservation: Reservation | undefined
  readonly #now: () => number
  readonly #owner: PermitOwner
  #period: number
  #isReleased = false

  constructor(
    replica: Replica,
    now: () => number,
    owner: PermitOwner,
    request: ModelRequest,
    reservation: Reservation | undefined,
  ) {
    this.replica = replica
    this.request = request
    this.reservation = reservation
    this.#now = now
    this.#owner = owner
    this.startedAt = now()
    this.#period = replica.circuit.admit()
    replica.inFlight += 1
  }

  /** The first content is here. */
  answer(): void {
    this.#period = this.replica.circuit.answer(this.#period, this.#now())
  }

  /** The server said something about itself: its rate limits, and its load, which is the replica's. */
  report(report: ServerReport): void {
    if (!this.#isReleased) this.#owner.onReport(this, report)
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
    this.#owner.onRelease(this, failure, usage)
  }
}
