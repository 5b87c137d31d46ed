const minuteMs = 60_000
const shortMs = 10_000
const slotMs = 50
/** A slot counts until its end is a whole window ago. */
const slotCount = minuteMs / slotMs + 1
const shortSlotCount = shortMs / slotMs + 1
/** The minutes that ended within the last one began up to two minutes ago. */
const keptSlots = 2 * slotCount
/** The least part of a limit's pace a client takes beside others, so that one that begins gets on. */
const leastShare = 0.2
/** Others use a little more than is known: reports are some seconds old. */
const othersMargin = 1.01
const rounding = 1e-6

/** How a limit is used within its minute. */
export interface RatePace {
  /** So much time's worth of the limit may be used at once. */
  readonly burstMs: number
  /** Whether ten seconds may hold no more than a sixth of the limit, as servers that judge within seconds count. */
  readonly isSpread?: boolean
}

/** Between which bounds a use was. */
export interface UsedExtent {
  readonly least: number
  readonly most: number
}

/**
 * What was used of a limit per minute. In no minute, wherever it begins, is more than the limit used; and use is spread,
 * because servers judge a rate within seconds.
 */
export class RateWindow {
  readonly #pace: RatePace
  readonly #slots = new Float64Array(keptSlots)
  #limit: number
  #msPerUnit: number
  #lastSlot = 0
  #sum = 0
  #shortSum = 0
  /** When everything used so far would have been used at an even pace. */
  #evenUntil = Number.NEGATIVE_INFINITY
  #others = 0
  #othersUntil = Number.NEGATIVE_INFINITY

  constructor(limit: number, pace: RatePace) {
    this.#pace = pace
    this.#limit = limit
    this.#msPerUnit = minuteMs / limit
  }

  get limit(): number {
    return this.#limit
  }

  /** Another limit holds from now on; what was used stays used. */
  setLimit(limit: number, now: number): void {
    const before = this.#msPerUnit
    this.#limit = limit
    this.#msPerUnit = minuteMs / limit
    const aheadMs = Math.max(0, this.#evenUntil - now)
    if (aheadMs > 0) this.#evenUntil = now + (aheadMs * this.#msPerUnit) / before
  }

  /** Others have so much of the limit in use, until a time; then they have none. */
  setOthers(amount: number, until: number): void {
    this.#others = amount
    this.#othersUntil = until
  }

  /** Used within the last minute, by others not. */
  used(now: number): number {
    this.#advance(now)
    return this.#sum
  }

  /** The least and the most that was used within one minute, of the minutes that ended since `from`, the last 60 s at most. */
  usedSince(from: number, now: number): UsedExtent {
    this.#advance(now)
    const first = Math.max(Math.floor(from / slotMs), this.#lastSlot - slotCount + 1)
    let used = this.#sum
    let least = used
    let most = used
    for (let slot = this.#lastSlot; slot >= first; slot--) {
      // The slots at both ends belong to the minute in part.
      least = Math.min(least, used - this.#slotAt(slot) - this.#slotAt(slot - slotCount + 1))
      most = Math.max(most, used)
      used += this.#slotAt(slot - slotCount) - this.#slotAt(slot)
    }
    return { least, most }
  }

  /**
   * The earliest time at which `amount` fits; `now` where it does.
   * @param cushion kept free beside it, for use that is not known exactly yet
   */
  readyAt(amount: number, now: number, cushion = 0): number {
    this.#advance(now)
    return Math.max(now, this.#pacedAt(amount, now), this.#spreadAt(amount, now), this.#fitsAt(amount + cushion, now))
  }

  /** Uses `amount` now. */
  use(amount: number, now: number): void {
    this.#advance(now)
    this.#addTo(this.#lastSlot, amount)
    this.#evenUntil = Math.max(this.#evenUntil, now) + (amount * this.#msPerUnit) / this.#share(now)
  }

  /** What was used at `at` turned out to be more, or less. */
  correct(at: number, difference: number, now: number): void {
    this.#advance(now)
    const slot = Math.floor(at / slotMs)
    this.#evenUntil += difference * this.#msPerUnit
    // Less than thought in a minute that is over changes nothing any more; more counts from now on.
    if (slot > this.#lastSlot - slotCount) this.#addTo(slot, difference)
    else if (difference > 0) this.#addTo(this.#lastSlot, difference)
  }

  /** When the pace allows it. */
  #pacedAt(amount: number, now: number): number {
    const burst = Math.max(1, this.#pace.burstMs / this.#msPerUnit)
    return this.#evenUntil - Math.max(0, burst - amount / this.#share(now)) * this.#msPerUnit
  }

  /** When it fits into ten seconds. */
  #spreadAt(amount: number, now: number): number {
    if (this.#pace.isSpread !== true) return now
    const limit = Math.max(1, ((this.#limit * shortMs) / minuteMs) * this.#share(now))
    return this.#roomAt(this.#shortSum + Math.min(amount, limit) - limit, shortSlotCount, now)
  }

  /** When it fits into the minute beside what others use, or when they are taken to be gone. */
  #fitsAt(amount: number, now: number): number {
    const needed = Math.min(amount, this.#limit)
    const excess = this.#sum + needed - this.#limit
    const others = this.#othersAt(now) * othersMargin
    if (others === 0) return this.#roomAt(excess, slotCount, now)
    const alone = Math.max(this.#othersUntil, this.#roomAt(excess, slotCount, now))
    if (needed + others > this.#limit) return alone
    return Math.min(alone, this.#roomAt(excess + others, slotCount, now))
  }

  /** When so much of what was used is forgotten. */
  #roomAt(excess: number, slotsOfWindow: number, now: number): number {
    if (excess <= rounding) return now
    let missing = excess
    for (let slot = this.#lastSlot - slotsOfWindow + 1; slot <= this.#lastSlot; slot++) {
      missing -= this.#slotAt(slot)
      if (missing <= rounding) return (slot + slotsOfWindow) * slotMs
    }
    return (this.#lastSlot + slotsOfWindow) * slotMs
  }

  /** The part of the pace that is this client's: its part of all use, so that the paces of all add up to the limit. */
  #share(now: number): number {
    const others = this.#othersAt(now)
    return others === 0 ? 1 : Math.max(leastShare, this.#sum / (this.#sum + others))
  }

  #othersAt(now: number): number {
    return now >= this.#othersUntil ? 0 : this.#others
  }

  #addTo(slot: number, amount: number): void {
    const index = mod(slot)
    const before = this.#slots[index] ?? 0
    const after = Math.max(0, before + amount)
    this.#slots[index] = after
    this.#sum += after - before
    if (slot > this.#lastSlot - shortSlotCount) this.#shortSum += after - before
  }

  #advance(now: number): void {
    const current = Math.floor(now / slotMs)
    if (current <= this.#lastSlot) return
    if (current - this.#lastSlot >= keptSlots) this.#forgetAll()
    else for (let slot = this.#lastSlot + 1; slot <= current; slot++) this.#begin(slot)
    this.#lastSlot = current
  }

  #forgetAll(): void {
    this.#slots.fill(0)
    this.#sum = 0
    this.#shortSum = 0
  }

  #begin(slot: number): void {
    this.#sum -= this.#slotAt(slot - slotCount)
    this.#shortSum -= this.#slotAt(slot - shortSlotCount)
    this.#slots[mod(slot)] = 0
  }

  #slotAt(slot: number): number {
    return this.#slots[mod(slot)] ?? 0
  }
}

function mod(slot: number): number {
  return ((slot % keptSlots) + keptSlots) % keptSlots
}
