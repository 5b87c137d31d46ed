import { setImmediate as nextTurn } from 'node:timers/promises'
import { OrderedQueue, type Queueable } from '../engine/ordered-queue.js'

/**
 * Time that passes only when it is told to, in milliseconds from 0. Everything that takes its time from `now` and
 * `setTimer` can share one clock, and a minute of theirs takes as long as their work does.
 */
export interface VirtualClock {
  /** The time, in milliseconds. */
  now(): number
  /**
   * Calls back after a delay; timers of one moment in the order in which they were set. Returns what cancels the timer.
   * Negative delays count as 0.
   *
   * @throws RangeError for a delay that is no finite number
   */
  setTimer(delayMs: number, callback: () => void): () => void
  /** Runs timers in order until the time is `untilMs`, or, without it, until none is left. */
  run(untilMs?: number): void
  /** The same, with a turn of the event loop after each moment, so that promises which timers settle have their effect in time. */
  runAsync(untilMs?: number): Promise<void>
}

class Timer implements Queueable {
  readonly atMs: number
  readonly order: number
  readonly callback: () => void
  queueIndex = -1

  constructor(atMs: number, order: number, callback: () => void) {
    this.atMs = atMs
    this.order = order
    this.callback = callback
  }

  precedes(other: Timer): boolean {
    return this.atMs === other.atMs ? this.order < other.order : this.atMs < other.atMs
  }
}

/** A clock that stands at 0. */
export function createVirtualClock(): VirtualClock {
  const timers = new OrderedQueue<Timer>()
  let nowMs = 0
  let timersSet = 0

  function setTimer(delayMs: number, callback: () => void): () => void {
    if (!Number.isFinite(delayMs)) throw new RangeError(`delayMs must be a finite number; it is ${String(delayMs)}.`)
    const timer = new Timer(nowMs + Math.max(0, delayMs), timersSet, callback)
    timersSet += 1
    timers.add(timer)
    return () => {
      if (timer.queueIndex >= 0) timers.remove(timer)
    }
  }

  /** Runs the next timer if it is due by then. */
  function runNext(untilMs: number): boolean {
    const timer = timers.first
    if (timer === undefined || timer.atMs > untilMs) return false
    timers.remove(timer)
    nowMs = timer.atMs
    timer.callback()
    return true
  }

  function passUntil(untilMs: number): void {
    if (untilMs !== Number.POSITIVE_INFINITY) nowMs = Math.max(nowMs, untilMs)
  }

  return {
    now: () => nowMs,
    setTimer,
    run(untilMs = Number.POSITIVE_INFINITY) {
      while (runNext(untilMs));
      passUntil(untilMs)
    },
    async runAsync(untilMs = Number.POSITIVE_INFINITY) {
      await nextTurn()
      while (runNext(untilMs)) if (timers.first?.atMs !== nowMs) await nextTurn()
      passUntil(untilMs)
    },
  }
}
