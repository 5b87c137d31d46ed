import type { ConcurrencyLimit, LimitSlot, WantedAnswer } from './concurrency-limit.js'

/** A limit that somebody has chosen. */
export class FixedLimit implements ConcurrencyLimit {
  readonly value: number
  /** Never called: nothing is found out. */
  onChange: undefined
  #inFlight = 0

  constructor(value: number) {
    this.value = value
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get hasRoom(): boolean {
    return this.#inFlight < this.value
  }

  begin(wanted: WantedAnswer, now: number): LimitSlot {
    this.#inFlight += 1
    return { kind: wanted === 'stream' ? 'stream' : 'whole', startedAt: now }
  }

  firstToken(): void {}

  countContent(): void {}

  reportWaiting(): void {}

  get stallMs(): number {
    return Number.POSITIVE_INFINITY
  }

  reportStall(): void {}

  end(): void {
    this.#inFlight -= 1
  }
}
