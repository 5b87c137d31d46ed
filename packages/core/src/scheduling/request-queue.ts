import { QueueFullError } from '@duo-models/adapters'
import type { Clock } from './clock.js'
import type { Priority } from './priority.js'
import { WaitingLine } from './waiting-line.js'

/** One that waits: it goes on when `tryStart` says so, or fails when it throws. */
export interface Waiting<Start> {
  readonly tryStart: () => Start | number
  readonly start: (value: Start) => void
  readonly fail: (error: unknown) => void
  readonly since: number
  isGone: boolean
}

/** A request's place in the queue. */
export interface PlaceInQueue<Start> {
  /** What it got when its turn came, or what its start failed with. */
  readonly turn: Promise<Start>
  /** Gives the place up. `turn` never settles then, unless it has already. */
  leave(): void
}

/** A background request that has waited so much longer than an interactive one goes before it. */
const ageingMs = 10_000
/** While both wait, one start in so many is a background request's. */
const startsPerBackgroundStart = 16

/**
 * Requests that wait for their turn: interactive ones first, background ones in the gaps, each kind in the order it
 * came. Nobody starves: a background request goes first when it has waited long, and once in a while in any case.
 * Bounded, with one timer for all; joining, starting and leaving take the same few steps however many wait.
 */
export class RequestQueue<Start extends object> {
  readonly #clock: Clock
  readonly #maxLength: number
  readonly #owner: string
  readonly #interactive = new WaitingLine<Waiting<Start>>()
  readonly #background = new WaitingLine<Waiting<Start>>()
  #startsInRow = 0
  #wakeAt = Number.POSITIVE_INFINITY
  #stopTimer: (() => void) | undefined
  #isAdvancing = false

  /** @param owner whose queue it is, as the error says it */
  constructor(clock: Clock, maxLength: number, owner: string) {
    this.#clock = clock
    this.#maxLength = maxLength
    this.#owner = owner
  }

  /** How many wait. */
  get length(): number {
    return this.#interactive.length + this.#background.length
  }

  /** How many of a kind wait. */
  lengthOf(priority: Priority): number {
    return this.#lineOf(priority).length
  }

  /**
   * Joins the queue.
   * @param tryStart starts the request, or says when to ask again: a time, or `Infinity` for when {@link advance} is called
   * @throws QueueFullError where too many wait already
   */
  join(priority: Priority, tryStart: () => Start | number): PlaceInQueue<Start> {
    if (this.length >= this.#maxLength) throw this.#fullError()
    const { promise: turn, resolve: start, reject: fail } = withResolvers<Start>()
    const waiting: Waiting<Start> = { tryStart, start, fail, since: this.#clock.now(), isGone: false }
    const line = this.#lineOf(priority)
    line.add(waiting)
    if (line.length === 1) this.advance()
    return { turn, leave: () => this.#leave(line, waiting) }
  }

  /** Something has changed: lets those go on that may. */
  readonly advance = (): void => {
    // A start may bring about the next change itself.
    if (this.#isAdvancing) return
    this.#isAdvancing = true
    this.#wakeAt = Number.POSITIVE_INFINITY
    while (this.#startNext());
    this.#isAdvancing = false
    this.#setTimer()
  }

  /** Lets one go on. An interactive request that cannot go on yet lets no background request take what it waits for. */
  #startNext(): boolean {
    const isBackgroundTurn = this.#isBackgroundTurn()
    if (isBackgroundTurn && this.#startFirst(this.#background)) {
      this.#startsInRow = 0
      return true
    }
    if (this.#interactive.length > 0) {
      const hasStarted = this.#startFirst(this.#interactive)
      if (hasStarted) this.#startsInRow += 1
      return hasStarted
    }
    return !isBackgroundTurn && this.#startFirst(this.#background)
  }

  #isBackgroundTurn(): boolean {
    const background = this.#background.first
    const interactive = this.#interactive.first
    if (background === undefined || interactive === undefined) return false
    return this.#startsInRow + 1 >= startsPerBackgroundStart || background.since + ageingMs <= interactive.since
  }

  /** Whether the first of a line has gone on, one way or the other. */
  #startFirst(line: WaitingLine<Waiting<Start>>): boolean {
    const next = line.first
    if (next === undefined) return false
    try {
      const started = next.tryStart()
      if (typeof started === 'number') {
        this.#wakeAt = Math.min(this.#wakeAt, started)
        return false
      }
      next.start(started)
    } catch (error) {
      next.fail(error)
    }
    next.isGone = true
    line.removeFirst()
    return true
  }

  #setTimer(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    if (this.#wakeAt === Number.POSITIVE_INFINITY) return
    this.#stopTimer = this.#clock.setTimer(Math.max(1, this.#wakeAt - this.#clock.now()), this.advance)
  }

  #leave(line: WaitingLine<Waiting<Start>>, waiting: Waiting<Start>): void {
    if (waiting.isGone) return
    waiting.isGone = true
    const wasFirst = line.first === waiting
    line.forget(waiting)
    // The last one to leave stops the clock, so that nothing is left running.
    if (this.length === 0 || wasFirst) this.advance()
  }

  #lineOf(priority: Priority): WaitingLine<Waiting<Start>> {
    return priority === 'interactive' ? this.#interactive : this.#background
  }

  #fullError(): QueueFullError {
    return new QueueFullError({
      message:
        `Deployment '${this.#owner}' already has ${this.#maxLength} requests waiting for their turn. Nothing was sent. ` +
        'Send fewer at a time, raise `concurrency` or `rateLimits` where the server allows more, or raise `maxQueued`.',
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
