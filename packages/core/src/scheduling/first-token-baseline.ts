import { quantile } from './quantile.js'

/** Waits of one window, and how many windows are remembered. */
const windowSize = 16
const keptWindows = 24
/** The baseline is that of the window a quarter of the others is better than: the very best one was luck. */
const rank = 0.25
/** A wait is long from here on, as a multiple of the middle one, however little waits differ. */
const leastFactor = 1.5

interface WaitWindow {
  readonly middle: number
  readonly upper: number
}

/**
 * What the wait for a first token is when nothing is in its way, learned from the better ones of recent windows. Waits are
 * counted in steps of the server (the time between two tokens), so that a server that gets slower is not taken for one
 * that is full.
 */
export class FirstTokenBaseline {
  readonly #windows: WaitWindow[] = []
  #waits: number[] = []
  #best: WaitWindow | undefined

  /** The middle wait, in steps; `undefined` before the first one. */
  get middle(): number | undefined {
    return this.#best?.middle
  }

  /** From how many steps on a wait is long; six in seven waits are shorter while nothing is in their way. */
  get longSteps(): number {
    return this.#best === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(this.#best.upper, leastFactor * this.#best.middle)
  }

  /** Whether not even one window of waits is known. */
  get isYoung(): boolean {
    return this.#windows.length === 0
  }

  /** A request waited for so many steps. */
  add(steps: number): void {
    this.#waits.push(steps)
    if (this.#windows.length === 0) this.#best = describeWaits(this.#waits)
    if (this.#waits.length < windowSize) return
    this.#windows.push(describeWaits(this.#waits))
    if (this.#windows.length > keptWindows) this.#windows.shift()
    this.#waits = []
    const sorted = this.#windows.toSorted((one, other) => one.middle - other.middle)
    this.#best = sorted[Math.floor(sorted.length * rank)]
  }
}

function describeWaits(waits: readonly number[]): WaitWindow {
  return { middle: quantile(waits, 0.5), upper: quantile(waits, 0.85) }
}
