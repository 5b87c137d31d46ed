import { beforeEach, describe, expect, it } from 'vitest'
import { timerWheelOf } from './scheduling/timer-wheel.js'
import { VirtualClock } from './testing/virtual-clock.js'
import { type TimeLimits, Watchdog } from './watchdog.js'

const limits: TimeLimits = { firstTokenMs: 1_000, interTokenMs: 100, totalMs: 10_000 }
/** How much later than its limit a report may be. */
const tickMs = 50

let clock: VirtualClock
let fired: [string, number][]

function watch(own: Partial<TimeLimits> = {}): Watchdog {
  return new Watchdog({ ...limits, ...own }, clock, (limit, limitMs) => fired.push([limit, limitMs]))
}

/** Lets time pass, the immediate that double-checks a limit included. */
async function pass(ms: number): Promise<void> {
  await clock.run(clock.now() + ms)
}

describe('Watchdog', () => {
  beforeEach(() => {
    fired = []
    clock = new VirtualClock()
  })

  it('reports a first token that does not come', async () => {
    const watchdog = watch()
    watchdog.startAttempt()
    watchdog.startWaiting()
    await pass(999)
    expect(fired).toEqual([])
    await pass(1 + tickMs)
    expect(fired).toEqual([['first-token', 1_000]])
    watchdog.stop()
  })

  it('tells how long it has waited for the server, without the time a slow consumer took', async () => {
    const watchdog = watch()
    watchdog.startAttempt()
    watchdog.startWaiting()
    await pass(40)
    expect(watchdog.waitedMs(clock.now())).toBe(40)
    watchdog.stopWaiting(true)
    await pass(5_000)
    expect(watchdog.waitedMs(clock.now())).toBe(0)
    watchdog.startWaiting()
    await pass(3)
    expect(watchdog.waitedMs(clock.now())).toBe(3)
    watchdog.stopWaiting(false)
    await pass(500)
    watchdog.startWaiting()
    await pass(4)
    expect(watchdog.waitedMs(clock.now())).toBe(7)
    expect(fired).toEqual([])
    watchdog.stop()
  })

  it('reports a stall between two tokens at the shorter limit', async () => {
    const watchdog = watch()
    watchdog.startAttempt()
    watchdog.startWaiting()
    await pass(500)
    watchdog.stopWaiting(true)
    watchdog.startWaiting()
    await pass(100 + tickMs)
    expect(fired).toEqual([['inter-token', 100]])
    watchdog.stop()
  })

  it('does not let messages without content renew a limit', async () => {
    const watchdog = watch()
    watchdog.startAttempt()
    for (let message = 0; message < 20 && fired.length === 0; message += 1) {
      watchdog.startWaiting()
      await pass(60)
      watchdog.stopWaiting(false)
    }
    expect(fired).toEqual([['first-token', 1_000]])
    watchdog.stop()
  })

  it('counts only the time spent waiting: a slow consumer is no stalled server', async () => {
    const watchdog = watch()
    watchdog.startAttempt()
    for (let token = 0; token < 5; token += 1) {
      watchdog.startWaiting()
      await pass(50)
      watchdog.stopWaiting(true)
      await pass(1_000)
    }
    expect(fired).toEqual([])
    watchdog.stop()
  })

  it('reports the total over everything else, once', async () => {
    const watchdog = watch({ interTokenMs: Number.POSITIVE_INFINITY, firstTokenMs: Number.POSITIVE_INFINITY })
    watchdog.startAttempt()
    watchdog.startWaiting()
    await pass(50_000)
    expect(fired).toEqual([['total', 10_000]])
  })

  it('goes on with the total after an attempt ran into its limit', async () => {
    const watchdog = watch()
    watchdog.startAttempt()
    watchdog.startWaiting()
    await pass(1_000 + tickMs)
    watchdog.startAttempt()
    await pass(20_000)
    expect(fired.map(([limit]) => limit)).toEqual(['first-token', 'total'])
  })

  it('arms no timer where nothing is limited, and leaves none behind', async () => {
    const unlimited = watch({ firstTokenMs: Infinity, interTokenMs: Infinity, totalMs: Infinity })
    unlimited.startAttempt()
    unlimited.startWaiting()
    expect(timerWheelOf(clock).size).toBe(0)
    const limited = watch()
    expect(timerWheelOf(clock).size).toBe(1)
    limited.stop()
    expect(timerWheelOf(clock).size).toBe(0)
  })

  it('takes limits beyond what a Node timer can hold', async () => {
    const watchdog = watch({ firstTokenMs: 2 ** 40, totalMs: 2 ** 41 })
    watchdog.startAttempt()
    watchdog.startWaiting()
    await pass(5_000)
    expect(fired).toEqual([])
    watchdog.stop()
  })
})
