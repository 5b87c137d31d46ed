import type { Clock } from './clock.js'

/** How late a timer may be, in milliseconds; never early. */
const tickMs = 50
/** A power of two. A timer further away than one turn is looked at once per turn. */
const slotCount = 512

/** Something that may be due; armed by one {@link TimerWheel} at a time. */
export class WheelTimer {
  readonly onDue: () => void
  /** The tick it is due with; kept by the wheel. */
  tick = -1
  /** Its neighbours in the list it is in, itself where it is in none; kept by the wheel. */
  next: WheelTimer = this
  previous: WheelTimer = this

  constructor(onDue: () => void) {
    this.onDue = onDue
  }
}

/**
 * Any number of timers on one timer of the clock: arming and disarming take the same few steps however many there are.
 * Time is cut into ticks of 50 ms; a timer fires with the first tick after its moment. The clock's timer runs only while
 * something is armed, and only up to the next tick that may have something to do.
 */
export class TimerWheel {
  readonly #clock: Clock
  readonly #origin: number
  /** A ring list per slot; its first element stands for the slot itself. */
  readonly #slots = Array.from({ length: slotCount }, () => new WheelTimer(nothing))
  /** What is due and not yet called. */
  readonly #due = new WheelTimer(nothing)
  #size = 0
  /** Every tick up to this one was served. */
  #servedTick = 0
  /** The tick the clock's timer is set for. */
  #wakeTick = Number.POSITIVE_INFINITY
  #stopClock: (() => void) | undefined
  #isServing = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.#origin = clock.now()
  }

  /** How many timers are armed. */
  get size(): number {
    return this.#size
  }

  /** Arms a timer for a moment of the clock, in the place of an earlier one. `Infinity` disarms it. */
  arm(timer: WheelTimer, atMs: number): void {
    if (atMs === Number.POSITIVE_INFINITY) {
      this.disarm(timer)
      return
    }
    if (timer.tick !== -1) unlink(timer)
    else if (this.#size++ === 0 && !this.#isServing) this.#servedTick = this.#currentTick()
    timer.tick = Math.max(Math.ceil((atMs - this.#origin) / tickMs), this.#servedTick + 1)
    append(this.#slot(timer.tick), timer)
    if (timer.tick < this.#wakeTick && !this.#isServing) this.#wakeAt(timer.tick)
  }

  /** Takes a timer back; nothing happens where it is not armed. */
  disarm(timer: WheelTimer): void {
    if (timer.tick === -1) return
    this.#release(timer)
    if (this.#size === 0) this.#rest()
  }

  #currentTick(): number {
    return Math.floor((this.#clock.now() - this.#origin) / tickMs)
  }

  #slot(tick: number): WheelTimer {
    return this.#slots[tick % slotCount] as WheelTimer
  }

  #release(timer: WheelTimer): void {
    unlink(timer)
    timer.tick = -1
    this.#size--
  }

  #wakeAt(tick: number): void {
    this.#stopClock?.()
    this.#wakeTick = tick
    const delayMs = this.#origin + tick * tickMs - this.#clock.now()
    this.#stopClock = this.#clock.setTimer(Math.max(Math.ceil(delayMs), 0), this.#onWake)
  }

  #rest(): void {
    this.#stopClock?.()
    this.#stopClock = undefined
    this.#wakeTick = Number.POSITIVE_INFINITY
  }

  readonly #onWake = (): void => {
    this.#isServing = true
    this.#collectDue(this.#currentTick())
    try {
      this.#callDue()
    } finally {
      this.#isServing = false
      this.#rest()
      this.#plan()
    }
  }

  /** Moves what is due out of the slots first: what is called may arm and disarm whatever it likes. */
  #collectDue(tick: number): void {
    const slots = Math.min(tick - this.#servedTick, slotCount)
    for (let step = 1; step <= slots; step++) {
      const slot = this.#slot(this.#servedTick + step)
      for (let timer = slot.next; timer !== slot; ) {
        const { next } = timer
        if (timer.tick <= tick) {
          unlink(timer)
          append(this.#due, timer)
        }
        timer = next
      }
    }
    this.#servedTick = Math.max(this.#servedTick, tick)
  }

  #callDue(): void {
    for (let timer = this.#due.next; timer !== this.#due; timer = this.#due.next) {
      this.#release(timer)
      timer.onDue()
    }
  }

  /** Sets the clock's timer for the next tick that may have something to do. */
  #plan(): void {
    if (this.#size === 0) return
    // Something threw: what else is due follows at once.
    let tick = this.#servedTick
    if (this.#due.next === this.#due)
      do tick++
      while (this.#slot(tick).next === this.#slot(tick))
    this.#wakeAt(tick)
  }
}

const wheels = new WeakMap<Clock, TimerWheel>()

/** The wheel that all users of a clock share. */
export function timerWheelOf(clock: Clock): TimerWheel {
  let wheel = wheels.get(clock)
  if (wheel === undefined) {
    wheel = new TimerWheel(clock)
    wheels.set(clock, wheel)
  }
  return wheel
}

function nothing(): void {}

function append(list: WheelTimer, timer: WheelTimer): void {
  timer.previous = list.previous
  timer.next = list
  list.previous.next = timer
  list.previous = timer
}

function unlink(timer: WheelTimer): void {
  timer.previous.next = timer.next
  timer.next.previous = timer.previous
  timer.next = timer
  timer.previous = timer
}
