import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RateWindow } from './rate-window.js'

describe('RateWindow', () => {
  it('lets the first through at once, and the rest at an even pace', () => {
    const window = new RateWindow(60, 1_000)
    const times: number[] = []
    for (let now = 0; times.length < 4; ) {
      now = window.readyAt(1, now)
      window.use(1, now)
      times.push(now)
    }
    expect(times).toEqual([0, 1_000, 2_000, 3_000])
  })

  it('lets one through that is larger than the limit, when nothing else was used', () => {
    const window = new RateWindow(100, 1_000)
    expect(window.readyAt(5_000, 0)).toBe(0)
    window.use(100, 0)
    expect(window.readyAt(5_000, 1)).toBeGreaterThanOrEqual(60_000)
  })

  it('gives back what was not needed', () => {
    const window = new RateWindow(1_000, 60_000)
    window.use(1_000, 0)
    expect(window.readyAt(400, 500)).toBeGreaterThan(50_000)
    window.correct(0, -500, 1_000)
    expect(window.used(1_000)).toBe(500)
    expect(window.readyAt(400, 1_000)).toBe(1_000)
  })

  it('never lets more than the limit be used in any minute, and uses nearly all of it', () => {
    const run = fc.record({
      limit: fc.integer({ min: 20, max: 5_000 }),
      burstMs: fc.constantFrom(100, 1_000, 10_000, 60_000),
      amounts: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 5, maxLength: 30 }),
    })
    fc.assert(
      fc.property(run, ({ limit, burstMs, amounts }) => {
        const window = new RateWindow(limit, burstMs)
        const used: { at: number; amount: number }[] = []
        let now = 0
        for (let index = 0; now < 150_000 && used.length < 20_000; index += 1) {
          const amount = amounts[index % amounts.length] ?? 1
          const readyAt = window.readyAt(amount, now)
          expect(readyAt).toBeGreaterThanOrEqual(now)
          now = readyAt
          window.use(amount, now)
          used.push({ at: now, amount })
        }
        const all = used.reduce((total, { amount }) => total + amount, 0)
        if (used.length < 20_000) expect(all).toBeGreaterThanOrEqual(0.97 * 2.5 * limit - 41)
        let first = 0
        let sum = 0
        for (const { at, amount } of used) {
          sum += amount
          for (; (used[first]?.at ?? 0) <= at - 60_000; first += 1) sum -= used[first]?.amount ?? 0
          expect(sum).toBeLessThanOrEqual(limit + 1e-6)
        }
      }),
      { numRuns: 40 },
    )
  })
})
