const minuteMs = 60_000
const slotMs = 100
const slotCount = minuteMs / slotMs + 1

/**
 * What was used of a limit per minute. In no minute, wherever it begins, is more than the limit used; and use is spread,
 * because servers judge a rate within seconds: at most `burstMs` worth of the limit at once.
 */
export class RateWindow {
  readonly limit: number
  readonly #burst: number
  readonly #msPerUnit: number
  readonly #slots = new Float64Array(slotCount)
  #lastSlot = 0
  #sum = 0
  /** When everything used so far would have been used at an even pace. */
  #evenUntil = Number.NEGATIVE_INFINITY

  constructor(limit: number, burstMs: number) {
    this.limit = limit
    this.#msPerUnit = minuteMs / limit
    this.#burst = Math.max(1, burstMs / this.#msPerUnit)
  }

  /** Used within the last minute. */
  used(now: number): number {
    this.#advance(now)
    return this.#sum
  }

  /**
   * The earliest time at which `amount` fits; `now` where it does.
   * @param cushion kept free beside it, for use that is not known exactly yet
   */
  readyAt(amount: number, now: number, cushion = 0): number {
    this.#advance(now)
    const pacedAt = this.#evenUntil - Math.max(0, this.#burst - amount) * this.#msPerUnit
    return Math.max(now, pacedAt, this.#roomAt(Math.min(amount + cushion, this.limit), now))
  }

  /** Uses `amount` now. */
  use(amount: number, now: number): void {
    this.#advance(now)
    this.#addTo(this.#lastSlot, amount)
    this.#evenUntil = Math.max(this.#evenUntil, now) + amount * this.#msPerUnit
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

  #roomAt(amount: number, now: number): number {
    let excess = this.#sum + amount - this.limit
    if (excess <= 0) return now
    for (let slot = this.#lastSlot - slotCount + 1; slot <= this.#lastSlot; slot++) {
      excess -= this.#slots[mod(slot)] ?? 0
      if (excess <= 1e-6) return (slot + slotCount) * slotMs
    }
    return (this.#lastSlot + slotCount) * slotMs
  }

  #addTo(slot: number, amount: number): void {
    const index = mod(slot)
    const before = this.#slots[index] ?? 0
    const after = Math.max(0, before + amount)
    this.#slots[index] = after
    this.#sum += after - before
  }

  /** A slot is forgotten when its end is a minute ago. */
  #advance(now: number): void {
    const current = Math.floor(now / slotMs)
    if (current <= this.#lastSlot) return
    if (current - this.#lastSlot >= slotCount) {
      this.#slots.fill(0)
      this.#sum = 0
    } else {
      for (let slot = this.#lastSlot + 1; slot <= current; slot++) {
        this.#sum -= this.#slots[mod(slot)] ?? 0
        this.#slots[mod(slot)] = 0
      }
    }
    this.#lastSlot = current
  }
}

function mod(slot: number): number {
  return ((slot % slotCount) + slotCount) % slotCount
}
