import { quantile } from './quantile.js'

/** A pause of the server, or of this process, must not outweigh all other waits. */
const mostMedians = 4

/** Waits for a first token one after another, the last so many of them. */
export class RecentWaits {
  readonly #most: number
  readonly #waitsMs: number[] = []
  readonly #endedAt: number[] = []

  constructor(most: number) {
    this.#most = most
  }

  get length(): number {
    return this.#waitsMs.length
  }

  /** Their mean in milliseconds, in which none counts for more than four times the middle one; 0 of none. */
  get meanMs(): number {
    const most = mostMedians * quantile(this.#waitsMs, 0.5)
    return this.#waitsMs.reduce((sum, waitMs) => sum + Math.min(waitMs, most), 0) / Math.max(1, this.length)
  }

  /** Mean time from the end of one to the end of the next, in milliseconds; `NaN` of fewer than two. */
  get intervalMs(): number {
    const first = this.#endedAt[0] ?? Number.NaN
    const last = this.#endedAt.at(-1) ?? Number.NaN
    return this.length < 2 ? Number.NaN : (last - first) / (this.length - 1)
  }

  /** One ended now. */
  add(waitMs: number, now: number): void {
    if (this.length === this.#most) {
      this.#waitsMs.shift()
      this.#endedAt.shift()
    }
    this.#waitsMs.push(waitMs)
    this.#endedAt.push(now)
  }

  clear(): void {
    this.#waitsMs.length = 0
    this.#endedAt.length = 0
  }
}
