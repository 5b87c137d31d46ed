import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs } from './backoff.js'

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('backoffMs', () => {
  it('doubles its range with every attempt and stops at 20 s', () => {
    const longest = [1, 2, 3, 10, 1_000].map((attempt) => backoffMs(attempt, { throttled: false }, () => 1))
    expect(longest).toEqual([250, 500, 1_000, 20_000, 20_000])
  })

  it('begins at a longer range where the server refused for load', () => {
    expect(backoffMs(1, { throttled: true }, () => 1)).toBe(1_000)
  })

  it('never undercuts what the server asked for, and adds jitter to it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat({ max: 60_000 }), random, (attempt, retryAfterMs, share) => {
        const delay = backoffMs(attempt, { throttled: true, retryAfterMs }, () => share)
        expect(delay).toBeGreaterThanOrEqual(retryAfterMs)
        expect(delay).toBeLessThanOrEqual(retryAfterMs + 250)
      }),
    )
  })
})
