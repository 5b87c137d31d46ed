import { ConnectionError } from '@duo-models/adapters'
import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../model-request.js'
import { simulateRateLimit } from '../testing/simulate-rate-limit.js'
import { RateLimiter } from './rate-limiter.js'

const request: ModelRequest = { feature: 'duo-chat', messages: [{ role: 'user', content: 'x'.repeat(3_500) }] }

const sight = (now: number, underWay = 0) => ({ request, sentAt: now, underWay, now })

describe('RateLimiter', () => {
  it('limits and reserves nothing before it knows a limit', () => {
    const limiter = new RateLimiter()
    expect(limiter.isLimited).toBe(false)
    limiter.learn({ requests: { limit: 60, remaining: 59 } }, sight(0, 1))
    expect(limiter.isLimited).toBe(true)
    expect(limiter.readyAt(0, 0)).toBe(1_000)
    expect(limiter.describe(0)).toEqual({
      requests: { perMinute: 60, used: 1, usedByOthers: 0, source: 'reported' },
    })
  })

  it('ignores reports where it is told to', () => {
    const limiter = new RateLimiter({ requestsPerMinute: 600, ignoreReported: true })
    limiter.learn({ requests: { limit: 1, remaining: 0 }, tokens: { limit: 1 } }, sight(0))
    expect(limiter.readyAt(0, 0)).toBe(0)
    expect(limiter.describe(0)).toMatchObject({ requests: { perMinute: 600, source: 'configured' } })
    const none = new RateLimiter({ ignoreReported: true })
    none.learn({ requests: { limit: 1, remaining: 0 } }, sight(0))
    expect(none.isLimited).toBe(false)
  })

  it('reserves the longest answer where the server counts it, and keeps it reserved while it does', () => {
    const long: ModelRequest = { ...request, maxOutputTokens: 4_000 }
    const limiter = new RateLimiter({ tokensPerMinute: 100_000 })
    expect(limiter.estimate(long)).toBe(1_512)
    limiter.learn({ tokens: { limit: 100_000, remaining: 100_000 } }, sight(0))
    expect(limiter.estimate(long)).toBe(5_000)
    const reservation = limiter.reserve(long, 5_000, 0)
    limiter.settle(reservation, undefined, { inputTokens: 900, outputTokens: 100 }, 500)
    expect(limiter.describe(500)?.tokens).toMatchObject({ used: 4_900, usedByOthers: 0 })
    for (let now = 600; now < 1_600; now += 100)
      limiter.learn({ tokens: { limit: 100_000, remaining: 99_000 } }, sight(now))
    expect(limiter.estimate(long)).toBeLessThan(1_600)
    const later = limiter.reserve(long, 1_500, 2_000)
    limiter.settle(later, undefined, { inputTokens: 900, outputTokens: 100 }, 2_500)
    expect(limiter.describe(2_500)?.tokens).toMatchObject({ used: 5_900 })
  })

  it('estimates a request from its length, and learns from what was counted', () => {
    const limiter = new RateLimiter({ tokensPerMinute: 1e9 })
    expect(limiter.estimate(request)).toBe(1_512)
    expect(limiter.estimate({ ...request, maxOutputTokens: 100 })).toBe(1_100)
    for (let time = 0; time < 200; time += 1) {
      const reservation = limiter.reserve(request, limiter.estimate(request), time)
      limiter.settle(reservation, undefined, { inputTokens: 700, outputTokens: 50 }, time)
    }
    expect(limiter.estimate(request)).toBeGreaterThan(745)
    expect(limiter.estimate(request)).toBeLessThan(755)
  })

  it('counts no tokens where only requests are limited', () => {
    const limiter = new RateLimiter({ requestsPerMinute: 60 })
    expect(limiter.estimate(request)).toBe(0)
    limiter.reserve(request, 0, 0)
    expect(limiter.readyAt(0, 0)).toBe(1_000)
  })

  it('gives back the tokens of a request that never arrived, and not those of one given up', () => {
    const limiter = new RateLimiter({ tokensPerMinute: 2_000 })
    const reservation = limiter.reserve(request, 2_000, 0)
    expect(limiter.readyAt(500, 10)).toBeGreaterThan(10_000)
    limiter.settle(reservation, new ConnectionError({ message: 'Nobody listens.' }), {}, 20)
    expect(limiter.readyAt(500, 30)).toBeLessThan(15_000)
  })

  it('uses at least 97 % of the tokens and at most 0.5 % too many, at 200-way concurrency', async () => {
    const result = await simulateRateLimit({
      concurrency: 200,
      minutes: 5,
      limits: { tokensPerMinute: 1_000_000 },
      learntFrom: 'configuration',
      seed: 3,
    })
    expect(result.tokenUse).toBeGreaterThanOrEqual(0.97)
    expect(result.overshoot).toBeLessThanOrEqual(0.005)
    expect(result.refused).toBe(0)
  })

  it('uses all requests of a limit, and none is refused', async () => {
    const result = await simulateRateLimit({
      concurrency: 200,
      minutes: 3,
      limits: { requestsPerMinute: 600 },
      learntFrom: 'configuration',
      seed: 4,
    })
    expect(result.requestUse).toBeGreaterThanOrEqual(0.99)
    expect(result.refused).toBe(0)
  })

  const tokens = { tokensPerMinute: 1_000_000 }
  const learnt = { concurrency: 200, minutes: 8, learntFrom: 'headers', seed: 3 } as const

  it.each(['at-once', 'with-answer'] as const)(
    'uses tokens as well where it knows the limit from headers alone that come %s',
    async (heads) => {
      const result = await simulateRateLimit({ ...learnt, limits: tokens, heads })
      expect(result.tokenUse).toBeGreaterThanOrEqual(0.97)
      expect(result.overshoot).toBeLessThanOrEqual(0.005)
      expect(result.refused).toBe(0)
    },
  )

  it.each([
    { maxOutputTokens: 4_000, countsInAdvance: false },
    { maxOutputTokens: 1_000, countsInAdvance: true },
  ])('finds out whether the server counts in advance, and uses as much as that allows: %j', async (scenario) => {
    const result = await simulateRateLimit({ ...learnt, limits: tokens, ...scenario })
    expect(result.tokenUse).toBeGreaterThanOrEqual(0.97)
    expect(result.overshoot).toBeLessThanOrEqual(0.005)
    expect(result.refused).toBe(0)
  })

  it.each([tokens, { requestsPerMinute: 600 }])('shares %j with a client it knows nothing of', async (limits) => {
    const result = await simulateRateLimit({ ...learnt, limits, clients: 2 })
    expect(Math.max(result.tokenUse, result.requestUse)).toBeGreaterThanOrEqual(0.965)
    expect(result.overshoot).toBeLessThanOrEqual(0.005)
    expect(result.refused).toBeLessThanOrEqual(5)
  })

  it('keeps to limits that the server halves half way, and that it doubles', async () => {
    const halved = await simulateRateLimit({ ...learnt, limits: tokens, laterShare: 0.5 })
    expect(halved.overshoot).toBeLessThanOrEqual(0.005)
    expect(halved.refused).toBeLessThanOrEqual(3)
    const doubled = await simulateRateLimit({ ...learnt, limits: tokens, laterShare: 2 })
    expect(doubled.tokenUse).toBeGreaterThanOrEqual(0.97)
    expect(doubled.refused).toBe(0)
  })

  it('uses all requests where it knows the limit from headers alone', async () => {
    const result = await simulateRateLimit({ ...learnt, limits: { requestsPerMinute: 600 } })
    expect(result.requestUse).toBeGreaterThanOrEqual(0.97)
    expect(result.refused).toBe(0)
  })
})
