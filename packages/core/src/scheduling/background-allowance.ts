import type { Priority } from './priority.js'
import { quantile } from './quantile.js'

/** Interactive traffic that was quiet for so long needs no care any more. */
const quietMs = 10_000
/** Interactive waits for a first token that are judged together. */
const windowSize = 64
/** Waits that are remembered. */
const keptWaits = 256
/** A wait is long beyond that share of the usual ones, and some more. */
const usualShare = 0.95
const longFactor = 1.1
/** Long waits of a window up to which more background work is tried, and beyond which it is cut back at once. */
const goodWaits = windowSize * 0.06
const badWaits = windowSize * 0.08
/** Windows before background work rests for the first time, so that undisturbed waits can be seen again; then doubled. */
const firstRest = 4
const latestRest = 64
/** Undisturbed windows of a rest, and how many disturbed ones it waits for work under way to end. */
const restWindows = 2
const restPatience = 8
const growth = 1.25
const cut = 0.5
/** From that share of an allowance that was too much on, it grows by one at a time. */
const nearCut = 0.7
/** Of the limit: places kept free for the next interactive request. */
const reservedShare = 1 / 32
/** The same where interactive requests want whole answers, whose waits cannot be watched. */
const unwatchedReservedShare = 1 / 8

/**
 * How many background requests may be under way beside interactive ones. Background work makes every step of a server
 * longer, and its prompts are read before those that come later. So while there is interactive traffic, background work
 * goes on with one request at a time, and gets more as long as hardly more interactive requests wait long for their first
 * token than without it. Where nobody else asks, it has the whole limit.
 */
export class BackgroundAllowance {
  #underWay = 0
  #allowance = 1
  #lastInteractiveAt = Number.NEGATIVE_INFINITY
  #lastFirstTokenAt = Number.NEGATIVE_INFINITY
  /** Interactive waits of this window: all, and those that were long. */
  #waits = 0
  #longWaits = 0
  /** Whether the allowance held background work back since the window began. */
  #wasLimiting = false
  /** Whether more than the one background request that is always allowed was under way in this window. */
  #isDisturbed = false
  /** The last waits, the oldest replaced first. */
  readonly #recent: number[] = []
  #oldest = 0
  /** What nearly all waits are shorter than without background work, as far as is known. */
  #usualMs = Number.POSITIVE_INFINITY
  /** Longer waits are long; `Infinity` until enough is known. */
  #longMs = Number.POSITIVE_INFINITY
  /** Windows to the next rest, windows between the last one and it, and undisturbed windows that one under way still needs. */
  #windowsToRest = firstRest
  #restInterval = firstRest
  #restLeft = 0
  #restPatience = 0
  /** The allowance that was cut back last. */
  #tooMuch = Number.POSITIVE_INFINITY

  /** Background requests under way. */
  get underWay(): number {
    return this.#underWay
  }

  /**
   * Whether one more background request may be sent.
   * @param limit how many requests of any kind may be under way
   */
  hasRoom(limit: number, now: number): boolean {
    const hasRoom = this.#underWay < this.allowance(limit, now)
    if (!hasRoom) this.#wasLimiting = true
    return hasRoom
  }

  /** How many background requests may be under way; at least one. */
  allowance(limit: number, now: number): number {
    if (now - this.#lastInteractiveAt > quietMs) return limit
    if (now - this.#lastFirstTokenAt > quietMs) return Math.max(1, Math.floor(limit * (1 - unwatchedReservedShare)))
    if (this.#restLeft > 0) return 1
    return Math.max(1, Math.min(this.#allowance, limit - Math.max(1, Math.ceil(limit * reservedShare))))
  }

  /** A request is sent. */
  begin(priority: Priority, now: number): void {
    if (priority === 'background') {
      this.#underWay += 1
      if (this.#underWay > 1) this.#isDisturbed = true
    } else {
      if (now - this.#lastInteractiveAt > quietMs) this.#restart()
      this.#lastInteractiveAt = now
    }
  }

  /** The first token of a stream came, so long after it was sent. */
  firstToken(priority: Priority, waitMs: number, now: number): void {
    if (priority === 'background') return
    this.#lastFirstTokenAt = now
    this.#remember(waitMs)
    this.#waits += 1
    if (waitMs > this.#longMs) this.#longWaits += 1
    if (this.#waits >= windowSize || (this.#longWaits > badWaits && this.#restLeft === 0)) this.#judge()
  }

  /** A request is over. */
  end(priority: Priority, now: number): void {
    if (priority === 'background') this.#underWay -= 1
    else this.#lastInteractiveAt = now
  }

  #judge(): void {
    if (this.#restLeft > 0) this.#rest()
    else {
      if (this.#longWaits > badWaits) this.#cutBack()
      else if (this.#longWaits <= goodWaits && this.#wasLimiting && this.#longMs < Number.POSITIVE_INFINITY)
        this.#grow()
      this.#learn()
      this.#windowsToRest -= 1
      if (this.#windowsToRest <= 0 && this.#allowance > 1) this.#beginRest()
    }
    this.#beginWindow()
  }

  /** What is usual changes, and beside background work nobody can see it. */
  #beginRest(): void {
    this.#restLeft = restWindows
    this.#restPatience = restPatience
    this.#restInterval = Math.min(this.#restInterval * 2, latestRest)
    this.#windowsToRest = this.#restInterval
  }

  #rest(): void {
    if (this.#isDisturbed) {
      // What was under way before still has to end.
      this.#recent.length = 0
      this.#oldest = 0
      this.#restPatience -= 1
      if (this.#restPatience === 0) this.#restLeft = 0
      return
    }
    this.#restLeft -= 1
    if (this.#restLeft === 0) this.#learn()
  }

  #cutBack(): void {
    this.#tooMuch = this.#allowance
    this.#allowance = Math.max(1, Math.floor(this.#allowance * cut))
  }

  #grow(): void {
    const isNearCut = this.#allowance >= this.#tooMuch * nearCut
    this.#allowance = isNearCut ? this.#allowance + 1 : Math.floor(this.#allowance * growth) + 1
    if (this.#allowance > this.#tooMuch) this.#tooMuch = Number.POSITIVE_INFINITY
  }

  #remember(waitMs: number): void {
    if (this.#recent.length < keptWaits) this.#recent.push(waitMs)
    else {
      this.#recent[this.#oldest] = waitMs
      this.#oldest = (this.#oldest + 1) % keptWaits
    }
  }

  /** Background work only makes waits longer: those beside it are no shorter than the usual ones. */
  #learn(): void {
    const mostMs = quantile(this.#recent, usualShare)
    this.#usualMs = this.#isDisturbed ? Math.min(this.#usualMs, mostMs) : mostMs
    this.#longMs = this.#usualMs * longFactor
  }

  /** Interactive traffic is back: what was learned about its waits holds, and background work begins smaller again. */
  #restart(): void {
    this.#allowance = Math.max(1, Math.floor(this.#allowance * cut))
    this.#beginWindow()
  }

  #beginWindow(): void {
    this.#waits = 0
    this.#longWaits = 0
    this.#wasLimiting = false
    this.#isDisturbed = this.#underWay > 1
  }
}
