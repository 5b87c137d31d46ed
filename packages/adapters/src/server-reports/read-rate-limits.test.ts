import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRateLimits } from './read-rate-limits.js'

const names = ['limit', 'remaining', 'reset'].flatMap((part) => [
  `x-ratelimit-${part}-requests`,
  `x-ratelimit-${part}-tokens`,
])

describe('readRateLimits', () => {
  it('reads the durations of OpenAI', () => {
    expect(
      readRateLimits({
        'x-ratelimit-limit-requests': '5000',
        'x-ratelimit-remaining-requests': '4999',
        'x-ratelimit-reset-requests': '12ms',
        'x-ratelimit-limit-tokens': '160000',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '6m0.5s',
      }),
    ).toEqual({
      requests: { limit: 5_000, remaining: 4_999, resetMs: 12 },
      tokens: { limit: 160_000, remaining: 0, resetMs: 360_500 },
    })
  })

  it('reads the plain seconds of Azure, and takes -1 for unknown', () => {
    expect(
      readRateLimits({
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '59',
        'x-ratelimit-reset-requests': '10',
        'x-ratelimit-remaining-tokens': '-1',
      }),
    ).toEqual({ requests: { limit: 60, remaining: 59, resetMs: 10_000 } })
  })

  it('takes what is left without a limit, as older versions of Azure send it', () => {
    expect(readRateLimits({ 'x-ratelimit-remaining-tokens': '119000' })).toEqual({ tokens: { remaining: 119_000 } })
  })

  it.each([
    [{}],
    [{ 'x-ratelimit-limit-requests': '0', 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '0' }],
    [{ 'x-ratelimit-limit-requests': '-1' }],
    [{ 'x-ratelimit-limit-requests': '1e3' }],
    [{ 'x-ratelimit-limit-requests': '100, 100;w=60' }],
    [{ 'x-ratelimit-limit-requests': '9'.repeat(400) }],
    [{ 'x-ratelimit-reset-requests': '5s' }],
    [{ 'x-ratelimit-limit': '10', 'ratelimit-limit': '10' }],
  ])('says nothing where nothing is known: %j', (headers) => {
    expect(readRateLimits(headers)).toBeUndefined()
  })

  it.each(['1732275600', 'soon', '-1', '0', '1 s', '400d'])('leaves out a reset of %j', (reset) => {
    const headers = { 'x-ratelimit-limit-tokens': '10', 'x-ratelimit-reset-tokens': reset }
    expect(readRateLimits(headers)).toEqual({ tokens: { limit: 10 } })
  })

  it('gives whole numbers within their bounds, or nothing, whatever the headers say', () => {
    const value = fc.oneof(
      fc.string(),
      fc.stringMatching(/^-?\d{0,20}(\.\d{1,3})?(ms|s|m|h|d)?$/),
      fc.array(fc.string()),
    )
    const headers = fc.dictionary(fc.constantFrom(...names), value)
    fc.assert(
      fc.property(headers, (given) => {
        for (const report of Object.values(readRateLimits(given) ?? {})) {
          const { limit = 1, remaining = 0, resetMs = 1 } = report ?? {}
          expect([limit, remaining, resetMs].every(Number.isSafeInteger)).toBe(true)
          expect(limit).toBeGreaterThan(0)
          expect(remaining).toBeGreaterThanOrEqual(0)
          expect(resetMs).toBeGreaterThan(0)
          expect(resetMs).toBeLessThanOrEqual(86_400_000)
        }
      }),
      { numRuns: 500 },
    )
  })
})
