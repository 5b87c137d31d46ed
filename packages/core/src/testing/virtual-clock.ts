import type { Clock } from '../scheduling/clock.js'

interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
  isCancelled: boolean
}

/** Time that passes as fast as the work in it is done; for tests and benchmarks. */
export class VirtualClock implements Clock {
  #now = 0
  #count = 0
  /** A binary heap by time, then by order. */
  readonly #timers: Timer[] = []

  readonly now = (): number => this.#now

  readonly setTimer = (delayMs: number, callback: () => void): (() => void) => {
    const timer = { at: this.#now + Math.max(0, delayMs), order: this.#count++, callback, isCancelled: false }
    this.#push(timer)
    return () => {
      timer.isCancelled = true
    }
  }

  /** Resolves after a while of virtual time. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.setTimer(delayMs, resolve))
  }

  /** Lets time pass until `untilMs`, or until nothing is left to happen; promises settle between two moments. */
  async run(untilMs = Number.POSITIVE_INFINITY): Promise<void> {
    await settle()
    for (let next = this.#timers[0]; next !== undefined && next.at <= untilMs; next = this.#timers[0]) {
      this.#pop()
      if (next.isCancelled) continue
      const moved = next.at > this.#now
      this.#now = next.at
      next.callback()
      // Promises of one moment settle together: waiting for each on its own would take most of a simulation's time.
      if (moved || this.#timers[0]?.at !== this.#now) await settle()
    }
    if (Number.isFinite(untilMs)) this.#now = Math.max(this.#now, untilMs)
  }

  #push(timer: Timer): void {
    const heap = this.#timers
    let index = heap.length
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent] as Timer
      if (!isBefore(timer, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = timer
  }

  #pop(): void {
    const heap = this.#timers
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer)) child += 1
      if (!isBefore(heap[child] as Timer, last)) break
      heap[index] = heap[child] as Timer
      index = child
    }
    heap[index] = last
  }
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}

/** One turn of the event loop: by its end every promise that can settle has. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
