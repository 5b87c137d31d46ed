import { expect, it } from 'vitest'
import { RecentWaits } from './recent-waits.js'

it('knows the mean of the last waits, and how far apart they ended', () => {
  const waits = new RecentWaits(3)
  expect([waits.length, waits.meanMs, waits.intervalMs]).toEqual([0, 0, Number.NaN])
  waits.add(900, 0)
  expect([waits.length, waits.meanMs, waits.intervalMs]).toEqual([1, 900, Number.NaN])
  for (const [index, waitMs] of [10, 20, 30].entries()) waits.add(waitMs, 100 + index * 40)
  expect([waits.length, waits.meanMs, waits.intervalMs]).toEqual([3, 20, 40])
  waits.clear()
  expect([waits.length, waits.meanMs, waits.intervalMs]).toEqual([0, 0, Number.NaN])
})

it('lets no single wait count for more than four times the middle one', () => {
  const waits = new RecentWaits(5)
  for (const waitMs of [10, 10, 10, 10, 60_000]) waits.add(waitMs, 0)
  expect(waits.meanMs).toBe((4 * 10 + 40) / 5)
})
