import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RateWindow } from './rate-window.js'

describe('RateWindow', () => {
  it('lets the first through at once, and the rest at an even pace', () => {
    const window = new RateWindow(60, { burstMs: 1_000 })
    const times: number[] = []
    for (let now = 0; times.length < 4; ) {
      now = window.readyAt(1, now)
      window.use(1, now)
      times.push(now)
    }
    expect(times).toEqual([0, 1_000, 2_000, 3_000])
  })

  it('lets one through that is larger than the limit, when nothing else was used', () => {
    const window = new RateWindow(100, { burstMs: 1_000 })
    expect(window.readyAt(5_000, 0)).toBe(0)
    window.use(100, 0)
    expect(window.readyAt(5_000, 1)).toBeGreaterThanOrEqual(60_000)
  })

  it('gives back what was not needed', () => {
    const window = new RateWindow(1_000, { burstMs: 60_000 })
    window.use(1_000, 0)
    expect(window.readyAt(400, 500)).toBeGreaterThan(50_000)
    window.correct(0, -500, 1_000)
    expect(window.used(1_000)).toBe(500)
    expect(window.readyAt(400, 1_000)).toBe(1_000)
  })

  it('lets no more through in ten seconds than a sixth of the limit, and hardly less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), (limit) => {
        const window = new RateWindow(limit, { burstMs: 1_000, isSpread: true })
        const times: number[] = []
        for (let now = window.readyAt(1, 0); now < 180_000; now = window.readyAt(1, now)) {
          window.use(1, now)
          times.push(now)
        }
        const most = Math.max(1, limit / 6)
        for (const [index, at] of times.entries()) {
          const before = times[index - Math.ceil(most + 1e-6)]
          if (before !== undefined) expect(at - before).toBeGreaterThan(10_000 - 1e-6)
        }
        expect(times.length).toBeGreaterThanOrEqual(Math.floor(2.97 * Math.min(limit, Math.floor(most) * 6)))
      }),
      { numRuns: 40 },
    )
  })

  it('keeps what others use free until they are taken to be gone, and its own part of the pace', () => {
    const window = new RateWindow(6_000, { burstMs: 60_000 })
    window.use(600, 0)
    window.setOthers(5_000, 30_000)
    expect(window.readyAt(350, 0)).toBe(0)
    expect(window.readyAt(401, 0)).toBe(30_000)
    const paced = new RateWindow(6_000, { burstMs: 1_000 })
    paced.use(100, 0)
    paced.setOthers(100, 60_000)
    paced.use(100, 1_000)
    expect(paced.readyAt(100, 1_000)).toBe(2_500)
  })

  it('keeps what was used when the limit changes', () => {
    const window = new RateWindow(1_000, { burstMs: 60_000 })
    window.use(600, 0)
    window.setLimit(500, 10)
    expect(window.readyAt(1, 10)).toBeGreaterThanOrEqual(60_000)
    window.setLimit(2_000, 20)
    expect(window.readyAt(1_400, 20)).toBe(20)
    expect(window.used(20)).toBe(600)
  })

  it('knows the least and the most that was used while an answer was under way', () => {
    const use = fc.record({ at: fc.integer({ min: 0, max: 200_000 }), amount: fc.integer({ min: 1, max: 50 }) })
    const uses = fc.array(use, { maxLength: 60 })
    fc.assert(
      fc.property(
        uses,
        fc.integer({ min: 0, max: 60_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, ms, share) => {
          const sorted = all.toSorted((one, other) => one.at - other.at)
          const now = Math.max(ms, sorted.at(-1)?.at ?? 0)
          const window = new RateWindow(1e9, { burstMs: 60_000 })
          for (const { at, amount } of sorted) window.use(amount, at)
          const { least, most } = window.usedSince(now - ms, now)
          const countedAt = now - ms + share * ms
          const counted = sorted
            .filter(({ at }) => at <= countedAt && at > countedAt - 60_000)
            .reduce((sum, { amount }) => sum + amount, 0)
          expect(counted).toBeGreaterThanOrEqual(least)
          expect(counted).toBeLessThanOrEqual(most)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('never lets more than the limit be used in any minute, and uses nearly all of it', () => {
    const run = fc.record({
      limit: fc.integer({ min: 20, max: 5_000 }),
      burstMs: fc.constantFrom(100, 1_000, 10_000, 60_000),
      amounts: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 5, maxLength: 30 }),
    })
    fc.assert(
      fc.property(run, ({ limit, burstMs, amounts }) => {
        const window = new RateWindow(limit, { burstMs })
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
