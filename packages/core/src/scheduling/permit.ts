import type { DuoModelError, Usage } from '@duo-models/adapters'
import type { Replica } from '../routing/replica.js'
import type { Claim } from './claim.js'
import type { LimitSlot } from './concurrency-limit.js'

/** Told when a request is over, so that what it reserved can be corrected. */
export type SettleReservation = (failure: DuoModelError | undefined, usage: Usage) => void

const noUsage: Usage = {}

/** What a permit needs of its deployment. */
export interface PermitOwner {
  readonly now: () => number
  /** There may be room for another request. */
  readonly onRoom: () => void
}

/** The right to send one request to one replica, and the duty to say what came of it. */
export class Permit {
  readonly replica: Replica
  readonly startedAt: number
  readonly #owner: PermitOwner
  readonly #claim: Claim
  readonly #slot: LimitSlot
  readonly #settle: SettleReservation | undefined
  #period: number
  #isReleased = false

  /** @param settle corrects what was reserved of a rate limit */
  constructor(replica: Replica, claim: Claim, owner: PermitOwner, settle?: SettleReservation) {
    this.replica = replica
    this.#owner = owner
    this.#claim = claim
    this.#settle = settle
    this.startedAt = owner.now()
    this.#period = replica.circuit.admit()
    this.#slot = replica.limit.begin(claim.kind, this.startedAt)
    replica.background.begin(claim.priority, this.startedAt)
  }

  /** The first content is here; of a whole answer, all of it. */
  answer(): void {
    const now = this.#owner.now()
    this.#period = this.replica.circuit.answer(this.#period, now)
    if (this.#claim.kind === 'whole') return
    this.replica.background.firstToken(this.#claim.priority, now - this.startedAt, now)
    this.replica.limit.firstToken(this.#slot, now)
    this.#owner.onRoom()
  }

  /**
   * Pieces of content came in. Called for every read of a stream.
   * @param waitedMs how long this side had waited for them
   */
  countContent(pieces: number, waitedMs: number): void {
    const { limit } = this.replica
    limit.countContent(pieces)
    if (waitedMs > limit.stallMs) limit.reportStall()
  }

  /** The replica is done with the request. Only the first call counts. */
  release(failure?: DuoModelError, usage: Usage = failure?.partial?.usage ?? noUsage): void {
    if (this.#isReleased) return
    this.#isReleased = true
    const { replica } = this
    const now = this.#owner.now()
    replica.limit.end(this.#slot, failure, now)
    replica.background.end(this.#claim.priority, now)
    replica.statistics.end(failure)
    if (failure === undefined) {
      replica.circuit.succeed(this.#period, now)
      replica.serviceTime.add(now - this.startedAt)
    } else {
      replica.circuit.fail(this.#period, failure, this.startedAt, now)
      if (failure.retryAfterMs !== undefined) replica.pauseUntil(now + failure.retryAfterMs)
    }
    this.#settle?.(failure, usage)
    replica.settle()
    this.#owner.onRoom()
  }
}
