import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createVirtualClock } from './virtual-clock.js'

test('timers run in the order of their time, and of their setting where that is the same', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -5, max: 20 }), fc.boolean())), (timers) => {
      const clock = createVirtualClock()
      const log: (readonly [number, number])[] = []
      const cancels = timers.map(([delay], index) => clock.setTimer(delay, () => log.push([clock.now(), index])))
      for (const [index, [, isCancelled]] of timers.entries()) if (isCancelled) cancels[index]?.()
      clock.run()
      const expected = timers
        .map(([delay, isCancelled], index) => ({ at: Math.max(0, delay), index, isCancelled }))
        .filter(({ isCancelled }) => !isCancelled)
        .sort((a, b) => a.at - b.at || a.index - b.index)
      expect(log).toEqual(expected.map(({ at, index }) => [at, index]))
    }),
  )
})

test('time stops where it is told to, and goes on from there', () => {
  const clock = createVirtualClock()
  const log: number[] = []
  const tick = () => {
    log.push(clock.now())
    clock.setTimer(10, tick)
  }
  clock.setTimer(10, tick)
  clock.run(25)
  expect([clock.now(), log]).toEqual([25, [10, 20]])
  clock.run(30)
  expect(log).toEqual([10, 20, 30])
})

test('what awaits a timer sets its own timers before time goes on', async () => {
  const clock = createVirtualClock()
  const wait = (delayMs: number) => new Promise<void>((resolve) => clock.setTimer(delayMs, resolve))
  const times: number[] = []
  const worker = async () => {
    for (const delayMs of [5, 5, 5]) {
      await wait(delayMs)
      await Promise.resolve()
      times.push(clock.now())
    }
  }
  const done = worker()
  clock.setTimer(12, () => times.push(clock.now()))
  await clock.runAsync()
  await done
  expect(times).toEqual([5, 10, 12, 15])
})

test('a timer may be cancelled twice, and after it ran', () => {
  const clock = createVirtualClock()
  const cancel = clock.setTimer(1, () => undefined)
  clock.run()
  cancel()
  cancel()
  clock.run()
  expect(clock.now()).toBe(1)
  expect(() => clock.setTimer(Number.NaN, () => undefined)).toThrow('delayMs must be a finite number; it is NaN')
})
