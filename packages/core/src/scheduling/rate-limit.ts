import type { RateLimitReport } from '@duo-models/adapters'
import type { RateLimitStats } from '../stats/client-stats.js'
import { type RatePace, RateWindow, type UsedExtent } from './rate-window.js'

const minuteMs = 60_000

/** The request whose answer brought a report. */
export interface ReportSight {
  readonly sentAt: number
  readonly now: number
  /** What requests under way use that were sent before anybody counted. */
  readonly uncounted: number
  /** How much more than reserved requests under way may use. */
  readonly cushion?: number
}

/** So many reports in a row that are well below what this client has reserved show that the server does not reserve. */
const firstProof = 10
const wellBelow = 0.9

/**
 * One limit per minute, of requests or of tokens: configured, reported by the server, or both, and then the lower one
 * holds. Without either there is nothing to count.
 */
export class RateLimit {
  readonly #pace: RatePace
  readonly #configured: number
  #window: RateWindow | undefined
  /** Of the server; `undefined` until it reports one. */
  #reported: number | undefined
  /** Whether the server only says what is left, and its limit was concluded from that. */
  #isConcluded = false
  #isReported = false
  #others = 0
  #othersUntil = Number.NEGATIVE_INFINITY
  #newestSentAt = Number.NEGATIVE_INFINITY
  /** What was taken for used by requests that were sent before anybody counted: a guess. */
  #guessed = 0
  #guessedAt = Number.NEGATIVE_INFINITY
  #belowReserved = 0
  #proof = firstProof

  /** @param configured the most that may be used per minute, whatever a server says */
  constructor(pace: RatePace, configured: number | undefined) {
    this.#pace = pace
    this.#configured = configured ?? Number.POSITIVE_INFINITY
    if (configured !== undefined) this.#window = new RateWindow(configured, pace)
  }

  /** Whether there is a limit. */
  get isKnown(): boolean {
    return this.#window !== undefined
  }

  /** Whether the server says what is left. */
  get isReported(): boolean {
    return this.#isReported
  }

  /** Whether the server says what is left, and counts a request in advance by the most that it may need. */
  get countsLongest(): boolean {
    return this.#isReported && this.#belowReserved < this.#proof
  }

  get perMinute(): number {
    return Math.min(this.#configured, this.#reported ?? Number.POSITIVE_INFINITY)
  }

  /** Used by this client within the last minute. */
  used(now: number): number {
    return this.#window?.used(now) ?? 0
  }

  readyAt(amount: number, now: number, cushion = 0): number {
    return this.#window?.readyAt(amount, now, cushion) ?? now
  }

  use(amount: number, now: number): void {
    this.#window?.use(amount, now)
  }

  correct(at: number, difference: number, now: number): void {
    this.#window?.correct(at, difference, now)
  }

  /**
   * The server refused a request that was thought to fit: more proof is needed from now on that it counts little. It has
   * not counted the request; but it has counted as much elsewhere, until it says otherwise.
   */
  takeBack(at: number, amount: number, now: number): void {
    if (this.#belowReserved >= this.#proof) this.#proof *= 4
    this.#belowReserved = 0
    this.correct(at, -amount, now)
    if (!this.#isReported || now >= at + minuteMs) return
    this.#setOthers(this.#othersAt(now) + amount, Math.max(this.#othersUntil, at + minuteMs))
  }

  /**
   * Learns from the server. It counted at some time between the request's sending and its answer; others use what it
   * counted beyond the most that this client had in use meanwhile, and no more than beyond the least: so requests under way
   * are not taken for those of others.
   */
  learn(report: RateLimitReport, sight: ReportSight): void {
    if (sight.sentAt < this.#newestSentAt) return
    this.#newestSentAt = sight.sentAt
    if (report.remaining !== undefined) this.#isReported = true
    const window = this.#learnLimit(report, sight)
    const own = window.usedSince(sight.sentAt, sight.now)
    if (report.remaining === undefined) this.#setOthers(this.#others, this.#othersUntil)
    else this.#learnUse(this.#serverLimit - report.remaining, own, sight, report.resetMs)
  }

  /** What is known; `undefined` where there is no limit. */
  describe(now: number): RateLimitStats | undefined {
    if (this.#window === undefined) return undefined
    const source = (this.#reported ?? Number.POSITIVE_INFINITY) < this.#configured ? 'reported' : 'configured'
    const used = Math.round(this.used(now))
    return { perMinute: this.perMinute, used, usedByOthers: Math.round(this.#othersAt(now)), source }
  }

  /** What is reported replaces what was reported before. */
  #learnLimit(report: RateLimitReport, { sentAt, now, uncounted }: ReportSight): RateWindow {
    if (report.limit !== undefined) {
      this.#reported = report.limit
      this.#isConcluded = false
    } else if (this.#isConcluded || !this.isKnown) {
      this.#reported = this.#concludeLimit(report.remaining ?? 0, sentAt, now)
      this.#isConcluded = true
    }
    if (this.#window !== undefined) this.#window.setLimit(this.perMinute, now)
    else this.#window = this.#beginToCount(uncounted, now)
    return this.#window
  }

  #beginToCount(uncounted: number, now: number): RateWindow {
    const window = new RateWindow(this.perMinute, this.#pace)
    this.#guessed = Math.min(uncounted, this.perMinute)
    this.#guessedAt = now
    window.use(this.#guessed, now)
    return window
  }

  /** Whether the server counts much less than this client has reserved, also if half of what was guessed is wrong. */
  #isWellBelow(usedByAll: number, reserved: number, now: number): boolean {
    const guessed = now < this.#guessedAt + minuteMs ? this.#guessed / 2 : 0
    return usedByAll < wellBelow * reserved - guessed
  }

  /** A server that only says what is left allows at least that and what this client has used. */
  #concludeLimit(remaining: number, sentAt: number, now: number): number {
    const used = this.#window?.usedSince(sentAt, now).least ?? 0
    return Math.max(this.#reported ?? 0, remaining + Math.max(1, used))
  }

  #learnUse(usedByAll: number, own: UsedExtent, { now, cushion = 0 }: ReportSight, resetMs = minuteMs): void {
    if (this.countsLongest)
      this.#belowReserved = this.#isWellBelow(usedByAll, own.least, now) ? this.#belowReserved + 1 : 0
    const others = Math.min(Math.max(this.#othersAt(now), usedByAll - own.most), usedByAll - own.least)
    // What may be this client's own is kept free already.
    this.#setOthers(others > cushion ? others : 0, now + Math.min(resetMs, minuteMs))
  }

  /** A client without a report of the limit takes the configured one for the server's. */
  get #serverLimit(): number {
    return this.#reported ?? this.#configured
  }

  #othersAt(now: number): number {
    return now >= this.#othersUntil ? 0 : this.#others
  }

  /** Others may use what the server allows beyond this client's own limit. */
  #setOthers(amount: number, until: number): void {
    this.#others = amount
    this.#othersUntil = until
    this.#window?.setOthers(Math.max(0, amount - (this.#serverLimit - this.perMinute)), until)
  }
}
