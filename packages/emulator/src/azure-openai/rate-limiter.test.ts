import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RateLimiter } from './rate-limiter.js'

test('without limits everything passes, and nothing is known', () => {
  const limiter = new RateLimiter({})
  expect(limiter.take(1_000_000, 0)).toBeUndefined()
  expect(limiter.allowances(0)).toEqual({ requests: undefined, tokens: undefined })
})

test('requests are counted over ten seconds, so that a burst below the minute is refused', () => {
  const limiter = new RateLimiter({ requestsPerMinute: 12 })
  expect(limiter.take(1, 0)).toBeUndefined()
  expect(limiter.take(1, 1_000)).toBeUndefined()
  expect(limiter.take(1, 4_000)).toEqual({ exceeded: 'call', retryAfterMs: 6_000 })
  expect(limiter.take(1, 10_000)).toBeUndefined()
})

test('tokens are counted over a minute', () => {
  const limiter = new RateLimiter({ tokensPerMinute: 100 })
  expect(limiter.take(60, 0)).toBeUndefined()
  expect(limiter.take(30, 10_000)).toBeUndefined()
  expect(limiter.take(50, 20_000)).toEqual({ exceeded: 'token', retryAfterMs: 40_000 })
  expect(limiter.take(80, 20_000)).toEqual({ exceeded: 'token', retryAfterMs: 50_000 })
  expect(limiter.allowances(20_000).tokens).toEqual({ limit: 100, remaining: 10, resetSeconds: 50 })
  expect(limiter.take(50, 60_000)).toBeUndefined()
})

test('a request larger than the whole allowance is sent away for a day', () => {
  const limiter = new RateLimiter({ tokensPerMinute: 100 })
  expect(limiter.take(101, 0)).toEqual({ exceeded: 'token', retryAfterMs: 86_400_000 })
})

describe('whatever the limits and arrivals', () => {
  const arrivals = fc.array(fc.record({ afterMs: fc.nat({ max: 20_000 }), tokens: fc.integer({ min: 1, max: 60 }) }), {
    maxLength: 60,
  })

  test('what passes in any window stays within the limits, and waiting as told is enough', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 60, max: 500 }),
        arrivals,
        (requestsPerMinute, tokensPerMinute, list) => {
          const limiter = new RateLimiter({ requestsPerMinute, tokensPerMinute })
          const passed: { atMs: number; tokens: number }[] = []
          let nowMs = 0
          for (const { afterMs, tokens } of list) {
            nowMs += afterMs
            let refusal = limiter.take(tokens, nowMs)
            // Requests and tokens may each ask for a wait.
            for (let waits = 0; refusal !== undefined && waits < 2; waits += 1) {
              expect(refusal.retryAfterMs).toBeGreaterThan(0)
              nowMs += refusal.retryAfterMs
              refusal = limiter.take(tokens, nowMs)
            }
            expect(refusal).toBeUndefined()
            passed.push({ atMs: nowMs, tokens })
          }
          for (const { atMs } of passed) {
            const minute = passed.filter((entry) => entry.atMs <= atMs && entry.atMs > atMs - 60_000)
            const window = minute.filter((entry) => entry.atMs > atMs - 10_000)
            expect(minute.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(tokensPerMinute)
            expect(window.length).toBeLessThanOrEqual(Math.max(1, Math.ceil(requestsPerMinute / 6)))
          }
        },
      ),
    )
  })
})
