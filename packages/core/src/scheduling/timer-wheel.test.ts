import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clock } from './clock.js'
import { TimerWheel, timerWheelOf, WheelTimer } from './timer-wheel.js'

const tickMs = 50

/** Time that a test moves; its timers are wrong by `skewMs`, early as Node's may be or late as in a busy process. */
class SteppedClock implements Clock {
  readonly #skewMs: number
  #nowMs = 17.3
  #timers: { readonly atMs: number; readonly callback: () => void }[] = []

  constructor(skewMs = 0) {
    this.#skewMs = skewMs
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.length
  }

  readonly now = (): number => this.#nowMs

  readonly setTimer = (delayMs: number, callback: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + Math.max(delayMs + this.#skewMs, 0.1), callback }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (;;) {
      const next = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined) break
      this.#timers = this.#timers.filter((other) => other !== next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.callback()
    }
    this.#nowMs = untilMs
  }
}

/** A timer that writes down when it fires. */
class Recorded extends WheelTimer {
  readonly firedAt: number[] = []
  /** When it is due; `undefined` where it is not armed. */
  dueAt: number | undefined

  constructor(clock: Clock, verify: (timer: Recorded, nowMs: number) => void) {
    super(() => {
      verify(this, clock.now())
      this.firedAt.push(clock.now())
      this.dueAt = undefined
    })
  }
}

type Step =
  | { readonly do: 'arm'; readonly timer: number; readonly delayMs: number }
  | { readonly do: 'disarm'; readonly timer: number }
  | { readonly do: 'advance'; readonly ms: number }

const timerCount = 6
const delay = fc.oneof(
  fc.integer({ min: -100, max: 400 }),
  fc.double({ min: 0, max: 500, noNaN: true }),
  fc.integer({ min: 0, max: 200_000 }),
  fc.constantFrom(0, 50, 100, 25_600, 25_650, 51_200, 1e12, Number.POSITIVE_INFINITY),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('arm' as const), timer: fc.nat(timerCount - 1), delayMs: delay }),
  fc.record({ do: fc.constant('disarm' as const), timer: fc.nat(timerCount - 1) }),
  fc.record({
    do: fc.constant('advance' as const),
    ms: fc.oneof(fc.double({ min: 0, max: 300, noNaN: true }), fc.integer({ min: 0, max: 120_000 })),
  }),
)

function runSteps(steps: readonly Step[], skewMs: number): void {
  const lateMs = tickMs + Math.max(skewMs, 0) + 2
  const clock = new SteppedClock(skewMs)
  const wheel = new TimerWheel(clock)
  const verify = ({ dueAt }: Recorded, nowMs: number): void => {
    expect(dueAt).toBeDefined()
    expect(nowMs).toBeGreaterThanOrEqual(dueAt ?? 0)
  }
  const timers = Array.from({ length: timerCount }, () => new Recorded(clock, verify))
  for (const one of steps) {
    const timer = 'timer' in one ? timers[one.timer] : undefined
    if (one.do === 'arm' && timer) {
      timer.dueAt = one.delayMs === Number.POSITIVE_INFINITY ? undefined : clock.now() + one.delayMs
      wheel.arm(timer, clock.now() + one.delayMs)
      // What is due already fires with the next tick.
      if (timer.dueAt !== undefined) timer.dueAt = Math.max(timer.dueAt, clock.now())
    } else if (one.do === 'disarm' && timer) {
      timer.dueAt = undefined
      wheel.disarm(timer)
    } else if (one.do === 'advance') {
      clock.advance(one.ms)
    }
    const armed = timers.filter(({ dueAt }) => dueAt !== undefined)
    expect(wheel.size).toBe(armed.length)
    expect(clock.timers).toBe(armed.length === 0 ? 0 : 1)
    for (const { dueAt } of armed) expect(clock.now() - (dueAt ?? 0)).toBeLessThanOrEqual(lateMs)
  }
}

describe('TimerWheel', () => {
  it('fires what is armed, never early and at most a tick late, and sets one timer of the clock', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => runSteps(steps, 0)))
  })

  it.each([
    ['early', -0.9],
    ['late', 35],
  ])('is right with a clock whose timers are %s', (_what, skewMs) => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => runSteps(steps, skewMs)))
  })

  it('lets a timer that fires arm itself, arm others and take them back', () => {
    const clock = new SteppedClock()
    const wheel = new TimerWheel(clock)
    const told: string[] = []
    const never = new WheelTimer(() => told.push('never'))
    const later = new WheelTimer(() => told.push('later'))
    const first = new WheelTimer(() => {
      told.push('first')
      wheel.disarm(never)
      wheel.arm(later, clock.now() + 10)
      if (told.length < 3) wheel.arm(first, clock.now())
    })
    wheel.arm(first, clock.now() + 10)
    wheel.arm(never, clock.now() + 11)
    clock.advance(1_000)
    expect(told).toEqual(['first', 'later', 'first', 'later'])
    expect(clock.timers).toBe(0)
  })

  it('goes on after a timer that throws', () => {
    const clock = new SteppedClock()
    const wheel = new TimerWheel(clock)
    const told: string[] = []
    const broken = new WheelTimer(() => {
      throw new TypeError('mine')
    })
    wheel.arm(broken, clock.now() + 1)
    wheel.arm(new WheelTimer(() => told.push('due with it')), clock.now() + 1)
    wheel.arm(new WheelTimer(() => told.push('due later')), clock.now() + 500)
    expect(() => clock.advance(100)).toThrow('mine')
    clock.advance(1_000)
    expect(told).toEqual(['due with it', 'due later'])
    expect(clock.timers).toBe(0)
  })

  it('catches up after the process was held up for longer than a turn', () => {
    const clock = new SteppedClock(200_000)
    const wheel = new TimerWheel(clock)
    const told: number[] = []
    for (const delayMs of [60_000, 10, 130_000])
      wheel.arm(new WheelTimer(() => told.push(delayMs)), clock.now() + delayMs)
    clock.advance(210_000)
    expect(told.toSorted((a, b) => a - b)).toEqual([10, 60_000, 130_000])
  })

  it('is one for all users of a clock', () => {
    const clock = new SteppedClock()
    expect(timerWheelOf(clock)).toBe(timerWheelOf(clock))
    expect(timerWheelOf(new SteppedClock())).not.toBe(timerWheelOf(clock))
  })
})
