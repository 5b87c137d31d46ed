/** Time as everything that schedules sees it, so that hours pass in a test within milliseconds. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  readonly now: () => number
  /**
   * Calls `callback` once, `delayMs` from now.
   * @returns takes it back
   */
  readonly setTimer: (delayMs: number, callback: () => void) => () => void
}

/** The longest delay a Node timer takes; a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(delayMs, maxDelayMs))
    return () => clearTimeout(timer)
  },
}

/** The same, with timers for what is done beside: they do not keep the process alive. */
export const backgroundClock: Clock = {
  now: systemClock.now,
  setTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(delayMs, maxDelayMs)).unref()
    return () => clearTimeout(timer)
  },
}
