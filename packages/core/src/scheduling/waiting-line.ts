import { QueueFullError } from '@duo-models/adapters'
import type { Clock } from './clock.js'

/** One that waits: it goes on when `tryStart` says so, or fails when it throws. */
interface Waiting<Start> {
  readonly tryStart: () => Start | number
  readonly start: (value: Start) => void
  readonly fail: (error: unknown) => void
  isGone: boolean
}

/** A request's place in a line. */
export interface PlaceInLine<Start> {
  /** What it got when its turn came, or what its start failed with. */
  readonly turn: Promise<Start>
  /** Gives the place up. `turn` never settles then, unless it has already. */
  leave(): void
}

/** Requests that wait for their turn, in the order they came; bounded, with one timer for all. */
export class WaitingLine<Start extends object> {
  readonly #clock: Clock
  readonly #maxLength: number
  readonly #owner: string
  #waiting: Waiting<Start>[] = []
  #first = 0
  #length = 0
  #stopTimer: (() => void) | undefined

  /** @param owner whose line it is, as the error says it */
  constructor(clock: Clock, maxLength: number, owner: string) {
    this.#clock = clock
    this.#maxLength = maxLength
    this.#owner = owner
  }

  /** How many wait. */
  get length(): number {
    return this.#length
  }

  /**
   * Joins the line.
   * @param tryStart starts the request, or says when to ask again
   * @throws QueueFullError where too many wait already
   */
  join(tryStart: () => Start | number): PlaceInLine<Start> {
    if (this.#length >= this.#maxLength) throw this.#fullError()
    const { promise: turn, resolve: start, reject: fail } = withResolvers<Start>()
    const waiting: Waiting<Start> = { tryStart, start, fail, isGone: false }
    this.#waiting.push(waiting)
    this.#length += 1
    if (this.#length === 1) this.advance()
    return { turn, leave: () => this.#leave(waiting) }
  }

  /** Something has changed: lets those go on that may. */
  readonly advance = (): void => {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    for (let next = this.#waiting[this.#first]; next !== undefined; next = this.#waiting[this.#first]) {
      if (!next.isGone && !this.#start(next)) return
      this.#first += 1
      this.#tidy()
    }
  }

  /** Whether the first one has gone on, one way or the other. */
  #start(next: Waiting<Start>): boolean {
    try {
      const started = next.tryStart()
      if (typeof started === 'number') {
        const delayMs = Math.max(1, started - this.#clock.now())
        this.#stopTimer = this.#clock.setTimer(delayMs, this.advance)
        return false
      }
      next.start(started)
    } catch (error) {
      next.fail(error)
    }
    next.isGone = true
    this.#length -= 1
    return true
  }

  #leave(waiting: Waiting<Start>): void {
    if (waiting.isGone) return
    waiting.isGone = true
    this.#length -= 1
    // The last one to leave stops the clock, so that nothing is left running.
    if (this.#length === 0 || this.#waiting[this.#first] === waiting) this.advance()
  }

  #tidy(): void {
    if (this.#first * 2 < this.#waiting.length || this.#first < 32) return
    this.#waiting = this.#waiting.slice(this.#first)
    this.#first = 0
  }

  #fullError(): QueueFullError {
    return new QueueFullError({
      message:
        `Deployment '${this.#owner}' already has ${this.#maxLength} requests waiting for its rate limit. Nothing was sent. ` +
        'Send fewer at a time, raise `rateLimits` where the server allows more, or raise `maxQueued`.',
    })
  }
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<Value>((settle, fail) => {
    resolve = settle
    reject = fail
  })
  return { promise, resolve, reject }
}
