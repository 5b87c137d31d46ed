import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RateLimit } from './rate-limit.js'

/** Without a pace that would hide what fits. */
const pace = { burstMs: 60_000 }
const sight = (sentAt: number, now = sentAt, uncounted = 0) => ({ sentAt, now, uncounted })

describe('RateLimit', () => {
  it('limits nothing until the server reports a limit', () => {
    const limit = new RateLimit(pace, undefined)
    limit.use(1e9, 0)
    expect(limit.readyAt(1e9, 0)).toBe(0)
    expect(limit.describe(0)).toBeUndefined()
    limit.learn({ limit: 100, remaining: 100 }, sight(1))
    expect(limit.readyAt(100, 1)).toBe(1)
    limit.use(100, 1)
    expect(limit.readyAt(1, 1)).toBeGreaterThanOrEqual(60_000)
    expect(limit.describe(1)).toEqual({ perMinute: 100, used: 100, usedByOthers: 0, source: 'reported' })
  })

  it('keeps the lower one of what is configured and what is reported, and the latest report', () => {
    const limit = new RateLimit(pace, 50)
    limit.learn({ limit: 100, remaining: 100 }, sight(0))
    expect(limit.describe(0)).toMatchObject({ perMinute: 50, source: 'configured' })
    limit.learn({ limit: 20, remaining: 20 }, sight(1))
    expect(limit.describe(1)).toMatchObject({ perMinute: 20, source: 'reported' })
    limit.learn({ limit: 30, remaining: 30 }, sight(2))
    expect(limit.readyAt(30, 2)).toBe(2)
    expect(limit.readyAt(31, 2)).toBe(2)
    limit.learn({ limit: 200, remaining: 200 }, sight(3))
    expect(limit.describe(3)).toMatchObject({ perMinute: 50, source: 'configured' })
  })

  it('believes the answer to the latest request, not the latest answer', () => {
    const limit = new RateLimit(pace, undefined)
    limit.learn({ limit: 10 }, sight(100, 200))
    limit.learn({ limit: 1_000, remaining: 1_000 }, sight(50, 5_000))
    expect(limit.perMinute).toBe(10)
  })

  it('counts what others use until the reset, a minute at most', () => {
    const limit = new RateLimit(pace, undefined)
    limit.learn({ limit: 100, remaining: 0, resetMs: 5_000 }, sight(0, 10))
    expect(limit.readyAt(1, 10)).toBe(5_010)
    expect(limit.describe(10)).toMatchObject({ used: 0, usedByOthers: 100 })
    expect(limit.describe(5_010)).toMatchObject({ usedByOthers: 0 })
    limit.learn({ limit: 100, remaining: 0, resetMs: 86_400_000 }, sight(6_000))
    expect(limit.readyAt(1, 6_000)).toBe(66_000)
    limit.learn({ limit: 100, remaining: 60 }, sight(7_000))
    expect(limit.readyAt(59, 7_000)).toBe(7_000)
    expect(limit.readyAt(61, 7_000)).toBe(67_000)
  })

  it('leaves to others what the server allows beyond its own limit', () => {
    const limit = new RateLimit(pace, 100)
    limit.learn({ limit: 1_000, remaining: 150 }, sight(0))
    expect(limit.readyAt(100, 0)).toBe(0)
    limit.learn({ limit: 1_000, remaining: 40 }, sight(1))
    expect(limit.readyAt(39, 1)).toBe(1)
    expect(limit.readyAt(41, 1)).toBe(60_001)
  })

  it('uses no more than is left where the server does not name its limit', () => {
    const configured = new RateLimit(pace, 100)
    configured.learn({ remaining: 30 }, sight(0))
    expect(configured.readyAt(29, 0)).toBe(0)
    expect(configured.readyAt(31, 0)).toBe(60_000)
    const unknown = new RateLimit(pace, undefined)
    unknown.learn({ remaining: 29 }, sight(0, 0, 1))
    expect(unknown.describe(0)).toMatchObject({ perMinute: 30, used: 1 })
    unknown.use(9, 1)
    unknown.learn({ remaining: 0 }, sight(100))
    expect(unknown.readyAt(1, 100)).toBeGreaterThanOrEqual(60_000)
  })

  it('takes requests that were sent before it counted for its own', () => {
    const limit = new RateLimit(pace, undefined)
    limit.learn({ limit: 100, remaining: 99 }, sight(0, 50, 20))
    expect(limit.describe(50)).toMatchObject({ used: 20, usedByOthers: 0 })
    limit.learn({ limit: 100, remaining: 80 }, sight(0, 60))
    expect(limit.describe(60)).toMatchObject({ used: 20, usedByOthers: 0 })
  })

  it('does not take the place of a refused request for free until the server says so', () => {
    const limit = new RateLimit(pace, undefined)
    limit.learn({ limit: 100, remaining: 100 }, sight(0))
    limit.use(80, 1)
    limit.takeBack(1, 70, 100)
    expect(limit.readyAt(21, 100)).toBeGreaterThanOrEqual(60_000)
    limit.learn({ limit: 100, remaining: 90 }, sight(200))
    expect(limit.readyAt(90, 200)).toBe(200)
  })

  it('finds out that a server does not count in advance, and distrusts what it found when it refuses', () => {
    const limit = new RateLimit(pace, undefined)
    limit.learn({ limit: 1_000, remaining: 1_000 }, sight(0))
    expect(limit.countsLongest).toBe(true)
    const answer = (from: number, times: number, usedOfEach: number) => {
      for (let time = from; time < from + times; time += 1) {
        limit.use(10, time * 100)
        limit.learn({ limit: 1_000, remaining: 1_000 - (time + 1) * usedOfEach }, sight(time * 100, time * 100 + 60))
      }
    }
    answer(0, 5, 10)
    expect(limit.countsLongest).toBe(true)
    answer(5, 12, 1)
    expect(limit.countsLongest).toBe(false)
    limit.takeBack(1_700, 10, 1_700)
    expect(limit.countsLongest).toBe(true)
    answer(17, 12, 1)
    expect(limit.countsLongest).toBe(true)
    answer(29, 30, 1)
    expect(limit.countsLongest).toBe(false)
  })

  it('takes nothing of its own for that of others, whenever the server counted', () => {
    const use = fc.record({
      at: fc.integer({ min: 0, max: 150_000 }),
      amount: fc.integer({ min: 1, max: 50 }),
      /** How long the answer takes, and when within that time the server counts what arrived by then. */
      answerMs: fc.integer({ min: 0, max: 59_000 }),
      countedAfter: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.uniqueArray(use, { minLength: 1, maxLength: 40, selector: ({ at }) => at }), (uses) => {
        const limit = new RateLimit(pace, 1e6)
        const counts = (at: number) =>
          uses.reduce((sum, each) => (each.at <= at && each.at > at - 60_000 ? sum + each.amount : sum), 0)
        const events = uses.flatMap(({ at, amount, answerMs, countedAfter }) => [
          { at, act: () => limit.use(amount, at) },
          {
            at: at + answerMs + 0.5,
            act: () => {
              const remaining = 1e6 - counts(at + countedAfter * answerMs)
              limit.learn({ limit: 1e6, remaining, resetMs: 60_000 }, sight(at, at + answerMs + 0.5))
              expect(limit.describe(at + answerMs + 0.5)?.usedByOthers).toBe(0)
            },
          },
        ])
        for (const { act } of events.toSorted((one, other) => one.at - other.at)) act()
      }),
      { numRuns: 300 },
    )
  })
})
