import { ConnectionError } from '@duo-models/adapters'
import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../model-request.js'
import { simulateRateLimit } from '../testing/simulate-rate-limit.js'
import { RateLimiter } from './rate-limiter.js'

const request: ModelRequest = { feature: 'duo-chat', messages: [{ role: 'user', content: 'x'.repeat(3_500) }] }

describe('RateLimiter', () => {
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
      isConfigured: true,
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
      isConfigured: true,
      seed: 4,
    })
    expect(result.requestUse).toBeGreaterThanOrEqual(0.99)
    expect(result.refused).toBe(0)
  })
})
