import type { DuoModelError, ServerReport, Usage } from '@duo-models/adapters'
import type { Replica } from '../routing/replica.js'
import type { Claim } from './claim.js'
import type { AnswerKind, LimitSlot } from './concurrency-limit.js'
import type { Reservation } from './rate-limiter.js'

/** Who gave a permit, told what becomes of it. */
export interface PermitOwner {
  now(): number
  /** The server said something about itself in the head of its answer. */
  onReport(permit: Permit, report: ServerReport): void
  /** The request is over: what it reserved can be corrected. */
  onRelease(permit: Permit, failure: DuoModelError | undefined, usage: Usage): void
  /** There may be room for another request. */
  onRoom(now: number): void
}

const noUsage: Usage = {}

/** The right to send one request to one replica, and the duty to say what came of it. */
export class Permit {
  readonly replica: Replica
  readonly startedAt: number
  readonly claim: Claim
  /** What it was given of a rate limit; `undefined` where nothing is limited. */
  readonly reservation: Reservation | undefined
  readonly #owner: PermitOwner
  readonly #slot: LimitSlot
  #period: number
  #isAnswered = false
  #isReleased = false

  constructor(replica: Replica, claim: Claim, owner: PermitOwner, reservation: Reservation | undefined, now: number) {
    this.replica = replica
    this.claim = claim
    this.reservation = reservation
    this.#owner = owner
    this.startedAt = now
    this.#period = replica.circuit.admit()
    const wanted = claim.wanted === 'either' && replica.answersOnlyWhole ? 'whole' : claim.wanted
    this.#slot = replica.limit.begin(wanted, this.startedAt)
    replica.background.begin(claim.priority, this.startedAt)
  }

  /** How the answer is to be fetched. */
  get kind(): AnswerKind {
    return this.#slot.kind
  }

  /** The first content is here; of a whole answer, all of it. Only the first call counts. */
  answer(): void {
    if (this.#isAnswered) return
    this.#isAnswered = true
    const now = this.#owner.now()
    this.#period = this.replica.circuit.answer(this.#period, now)
    if (this.kind === 'whole') return
    this.replica.background.firstToken(this.claim.priority, now - this.startedAt, now)
    this.replica.limit.firstToken(this.#slot, now)
    this.#owner.onRoom(now)
  }

  /** The server said something about itself: its rate limits, and its load, which is the replica's. */
  report(report: ServerReport): void {
    if (this.#isReleased) return
    const { waitingRequests } = report.load ?? {}
    if (waitingRequests !== undefined) this.replica.limit.reportWaiting(waitingRequests)
    this.#owner.onReport(this, report)
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
    replica.background.end(this.claim.priority, now)
    replica.statistics.end(failure)
    if (failure === undefined) {
      replica.circuit.succeed(this.#period, now)
      replica.serviceTime.add(now - this.startedAt)
    } else {
      replica.circuit.fail(this.#period, failure, this.startedAt, now)
      if (failure.retryAfterMs !== undefined) replica.pauseUntil(now + failure.retryAfterMs)
    }
    this.#owner.onRelease(this, failure, usage)
    replica.settle()
    this.#owner.onRoom(now)
  }
}
