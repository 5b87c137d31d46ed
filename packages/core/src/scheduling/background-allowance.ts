import type { Priority } from './priority.js'

/** Interactive traffic that was quiet for so long needs no care any more. */
const quietMs = 10_000
/** Interactive waits for a first token that are judged together. */
const windowSize = 32
/** The wait that is judged: nine in ten are shorter. */
const judgedShare = 0.9
/** Undisturbed windows that are remembered. */
const keptWindows = 4
/** Waits may become so many times as long through background work; from the second on it is cut back. */
const goodFactor = 1.08
const badFactor = 1.15
const growth = 1.25
const cut = 0.6
/** Of the limit: places kept free for the next interactive request. */
const reservedShare = 1 / 32
/** The same where interactive requests want whole answers, whose waits cannot be watched. */
const unwatchedReservedShare = 1 / 8

/**
 * How many background requests may be under way beside interactive ones. Background work makes every step of a server
 * longer, and its prompts are read before those that come later. So while there is interactive traffic, background work
 * begins with one request, and gets more as long as interactive requests wait for their first token hardly longer than
 * they did without it. Where nobody else asks, it has the whole limit.
 */
export class BackgroundAllowance {
  #underWay = 0
  #allowance = 1
  #lastInteractiveAt = Number.NEGATIVE_INFINITY
  #lastFirstTokenAt = Number.NEGATIVE_INFINITY
  #waits: number[] = []
  /** Whether the window saw more background work than the one request that is always allowed. */
  #isDisturbed = false
  /** Whether the allowance held background work back since the window began. */
  #wasLimiting = false
  readonly #undisturbed: number[] = []

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
    this.#waits.push(waitMs)
    if (this.#waits.length >= windowSize) this.#judge()
  }

  /** A request is over. */
  end(priority: Priority, now: number): void {
    if (priority === 'background') this.#underWay -= 1
    else this.#lastInteractiveAt = now
  }

  #judge(): void {
    const wait = shareOf(this.#waits, judgedShare)
    if (!this.#isDisturbed && wait !== undefined) this.#remember(wait)
    const usual = shareOf(this.#undisturbed, 0.5)
    if (usual === undefined || wait === undefined) this.#allowance = 1
    else if (wait > usual * badFactor) this.#allowance = Math.max(1, Math.floor(this.#allowance * cut))
    else if (wait <= usual * goodFactor && this.#wasLimiting) this.#allowance = Math.floor(this.#allowance * growth) + 1
    this.#beginWindow()
  }

  #remember(wait: number): void {
    this.#undisturbed.push(wait)
    if (this.#undisturbed.length > keptWindows) this.#undisturbed.shift()
  }

  /** Interactive traffic is back: what was learned about its waits holds, and background work begins small again. */
  #restart(): void {
    this.#allowance = Math.max(1, Math.floor(this.#allowance * cut))
    this.#beginWindow()
  }

  #beginWindow(): void {
    this.#waits = []
    this.#wasLimiting = false
    this.#isDisturbed = this.#underWay > 1
  }
}

function shareOf(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}
