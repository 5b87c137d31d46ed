/**
 * Caps how far retries may multiply load over all calls: every call pays in a share of a retry, every retry takes a
 * whole one out. In a total outage that leaves about `1 + ratio` attempts per call, where a fixed count of three
 * would triple the load on a server that is already down.
 */
export class RetryBudget {
  readonly #ratio: number
  readonly #reserve: number
  #tokens: number

  /**
   * @param ratio retries earned per call
   * @param reserve retries a quiet client has in hand, and the most it can save up
   */
  constructor(ratio: number, reserve = 10) {
    this.#ratio = ratio
    this.#reserve = reserve
    this.#tokens = reserve
  }

  /** Retries there are now; whole ones can be spent. */
  get available(): number {
    return this.#tokens
  }

  /** A call was made. */
  earn(): void {
    this.#tokens = Math.min(this.#tokens + this.#ratio, this.#reserve)
  }

  /** Takes a retry out of the budget, if there is one. */
  trySpend(): boolean {
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
