import { QueueFullError } from '@duo-models/adapters'
import type { Clock } from './clock.js'
import type { Priority } from './priority.js'
import { type InLine, WaitingLine } from './waiting-line.js'

/** A request's place in the queue. */
export interface PlaceInQueue {
  /** Gives the place up: nothing more is heard of it. */
  leave(): void
}

/** What a queue works with. */
export interface RequestQueueOptions<Request, Start> {
  readonly clock: Clock
  readonly maxLength: number
  /** Whose queue it is, as the error says it. */
  readonly owner: string
  /**
   * Starts a request that has waited since some time, or says when to ask again: a time, or `Infinity` for when
   * `advance` is called. What it throws is what the request fails with.
   */
  readonly tryStart: (request: Request, since: number, now: number) => Start | number
}

/** One that waits. */
class Waiting<Request, Start> implements PlaceInQueue, InLine<Waiting<Request, Start>> {
  readonly request: Request
  readonly priority: Priority
  readonly since: number
  readonly start: (value: Start) => void
  readonly fail: (error: unknown) => void
  isGone = false
  previous: Waiting<Request, Start> | undefined
  next: Waiting<Request, Start> | undefined
  readonly #onLeave: (waiting: Waiting<Request, Start>) => void

  constructor(
    request: Request,
    priority: Priority,
    since: number,
    start: (value: Start) => void,
    fail: (error: unknown) => void,
    onLeave: (waiting: Waiting<Request, Start>) => void,
  ) {
    this.request = request
    this.priority = priority
    this.since = since
    this.start = start
    this.fail = fail
    this.#onLeave = onLeave
  }

  leave(): void {
    if (!this.isGone) this.#onLeave(this)
  }
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
export class RequestQueue<Request, Start extends object> {
  readonly #options: RequestQueueOptions<Request, Start>
  readonly #interactive = new WaitingLine<Waiting<Request, Start>>()
  readonly #background = new WaitingLine<Waiting<Request, Start>>()
  #startsInRow = 0
  #wakeAt = Number.POSITIVE_INFINITY
  #stopTimer: (() => void) | undefined
  #isAdvancing = false

  constructor(options: RequestQueueOptions<Request, Start>) {
    this.#options = options
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
   * @param start told what the request got when its turn came
   * @param fail told what its start failed with
   * @throws QueueFullError where too many wait already
   */
  join(
    priority: Priority,
    request: Request,
    start: (value: Start) => void,
    fail: (error: unknown) => void,
  ): PlaceInQueue {
    const { clock, maxLength } = this.#options
    if (this.length >= maxLength) throw this.#fullError()
    const now = clock.now()
    const waiting = new Waiting<Request, Start>(request, priority, now, start, fail, this.#leave)
    const line = this.#lineOf(priority)
    line.add(waiting)
    if (line.length === 1) this.advance(now)
    return waiting
  }

  /** Something has changed: lets those go on that may. */
  advance(now = this.#options.clock.now()): void {
    // A start may bring about the next change itself.
    if (this.#isAdvancing) return
    this.#isAdvancing = true
    this.#wakeAt = Number.POSITIVE_INFINITY
    while (this.#startNext(now));
    this.#isAdvancing = false
    this.#setTimer()
  }

  /** Lets one go on. An interactive request that cannot go on yet lets no background request take what it waits for. */
  #startNext(now: number): boolean {
    const isBackgroundTurn = this.#isBackgroundTurn()
    if (isBackgroundTurn && this.#startFirst(this.#background, now)) {
      this.#startsInRow = 0
      return true
    }
    if (this.#interactive.length > 0) {
      const hasStarted = this.#startFirst(this.#interactive, now)
      if (hasStarted) this.#startsInRow += 1
      return hasStarted
    }
    return !isBackgroundTurn && this.#startFirst(this.#background, now)
  }

  #isBackgroundTurn(): boolean {
    const background = this.#background.first
    const interactive = this.#interactive.first
    if (background === undefined || interactive === undefined) return false
    return this.#startsInRow + 1 >= startsPerBackgroundStart || background.since + ageingMs <= interactive.since
  }

  /** Whether the first of a line has gone on, one way or the other. */
  #startFirst(line: WaitingLine<Waiting<Request, Start>>, now: number): boolean {
    const next = line.first
    if (next === undefined) return false
    let started: Start | number
    try {
      started = this.#options.tryStart(next.request, next.since, now)
    } catch (error) {
      if (!next.isGone) this.#remove(next, line)
      next.fail(error)
      return true
    }
    if (typeof started === 'number') {
      this.#wakeAt = Math.min(this.#wakeAt, started)
      return false
    }
    // Its own start may have made it leave; what it got is handed over all the same, for somebody has to give it back.
    if (!next.isGone) this.#remove(next, line)
    next.start(started)
    return true
  }

  #setTimer(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    if (this.#wakeAt === Number.POSITIVE_INFINITY) return
    const { clock } = this.#options
    this.#stopTimer = clock.setTimer(Math.max(1, this.#wakeAt - clock.now()), () => this.advance())
  }

  readonly #leave = (waiting: Waiting<Request, Start>): void => {
    const line = this.#lineOf(waiting.priority)
    const wasFirst = line.first === waiting
    this.#remove(waiting, line)
    // The last one to leave stops the clock, so that nothing is left running.
    if (this.length === 0 || wasFirst) this.advance()
  }

  #remove(waiting: Waiting<Request, Start>, line: WaitingLine<Waiting<Request, Start>>): void {
    waiting.isGone = true
    line.remove(waiting)
  }

  #lineOf(priority: Priority): WaitingLine<Waiting<Request, Start>> {
    return priority === 'interactive' ? this.#interactive : this.#background
  }

  #fullError(): QueueFullError {
    const { owner, maxLength } = this.#options
    return new QueueFullError({
      message:
        `Deployment '${owner}' already has ${maxLength} requests waiting for their turn. Nothing was sent. ` +
        'Send fewer at a time, raise `concurrency` or `rateLimits` where the server allows more, or raise `maxQueued`.',
    })
  }
}
