import { DuoModelError } from '@duo-models/adapters'
import { startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import { createDuoModelClient } from './create-duo-model-client.js'
import { type SimulatedReplica, simulateOutage } from './testing/simulate-outage.js'

const good: SimulatedReplica = { answerMs: 200, failureMs: 1, isUp: () => true }
const dead: SimulatedReplica = { answerMs: 200, failureMs: 1, isUp: () => false }

describe('a client whose servers fail, in virtual time', () => {
  it('sends almost nothing in a total outage, and fails fast with the cause', async () => {
    const result = await simulateOutage({ deployments: [[dead, dead]], requestsPerSecond: 1_000, durationMs: 30_000 })
    expect(result.requests).toBe(30_000)
    expect(result.succeeded).toBe(0)
    expect(result.totalAttempts).toBeLessThan(60)
    const slow = result.failureTimesMs.filter((time) => time > 1)
    expect(slow.length).toBeLessThan(20)
    expect(result.lastFailure).toMatchObject({ code: 'connection', phase: 'queue', deployment: 'deployment-0' })
    expect(result.lastFailure?.message).toMatch(
      /all its 2 endpoints have failed since 20.*The last failure: Nobody listens/,
    )
    expect(result.lastFailure?.retryAfterMs).toBeGreaterThanOrEqual(0)
    expect(DuoModelError.is(result.lastFailure?.cause)).toBe(true)
  })

  it('stays within the budget of retries without circuits', async () => {
    const scenario = { deployments: [[dead]], requestsPerSecond: 500, durationMs: 20_000 }
    const result = await simulateOutage({ ...scenario, failureThreshold: Number.POSITIVE_INFINITY })
    expect(result.totalAttempts).toBeLessThanOrEqual(1.1 * result.requests + 10)
    expect(result.totalAttempts).toBeGreaterThan(result.requests)
  })

  it('finds out within the longest pause that a server is back', async () => {
    const isUp = (now: number) => now > 100_000
    const result = await simulateOutage({
      deployments: [[{ answerMs: 200, failureMs: 1, isUp }]],
      requestsPerSecond: 100,
      durationMs: 200_000,
    })
    const [first = 0] = result.succeededAt
    expect(first).toBeGreaterThan(100_000)
    expect(first).toBeLessThanOrEqual(130_300)
    expect(result.succeeded).toBeGreaterThan(100 * 69)
  })

  it('gives one of several replicas its part again when it is back, also where there is little to do', async () => {
    const isUp = (now: number) => now > 20_000
    const result = await simulateOutage({
      deployments: [[good, { answerMs: 200, failureMs: 1, isUp }]],
      requestsPerSecond: 2,
      durationMs: 300_000,
    })
    expect(result.succeeded).toBe(result.requests)
    expect(result.attempts[0]?.[1]).toBeGreaterThan(0.3 * result.requests)
  })

  it('gives a replica that fails at once at most 2 % of the requests, and no caller notices', async () => {
    const result = await simulateOutage({
      deployments: [[good, dead, good, good]],
      requestsPerSecond: 100,
      durationMs: 60_000,
    })
    expect(result.succeeded).toBe(result.requests)
    expect(result.attempts[0]?.[1]).toBeLessThanOrEqual(0.02 * result.requests)
    expect(result.attempts[0]?.[1]).toBeGreaterThan(3)
  })

  it('leaves a replica alone longer each time it comes and goes', async () => {
    const flapping: SimulatedReplica = { answerMs: 200, failureMs: 1, isUp: (now) => now % 10_000 < 5_000 }
    const result = await simulateOutage({
      deployments: [[good, flapping]],
      requestsPerSecond: 100,
      durationMs: 120_000,
    })
    expect(result.succeeded).toBe(result.requests)
    const failures = result.totalAttempts - result.succeeded
    expect(failures).toBeLessThan(0.01 * result.requests)
  })

  it('costs a caller one fast error of a dead deployment before the next one answers', async () => {
    const result = await simulateOutage({
      deployments: [[dead], [good]],
      requestsPerSecond: 10,
      durationMs: 60_000,
    })
    expect(result.succeeded).toBe(result.requests)
    expect(result.attempts[0]?.[0]).toBeLessThan(15)
    expect(result.attempts[1]?.[0]).toBe(result.requests)
  })
})

describe('a client and a real port nobody listens on', () => {
  it('fails ten thousand calls at once, each with a typed error, and a server that comes back is found', async () => {
    const gone = await startEmulator({ platform: 'vllm' })
    const { port } = new URL(gone.baseUrl)
    await gone.close()
    await using client = createDuoModelClient(
      {
        platform: 'vllm',
        model: 'mistral-small-24b-instruct-2506',
        endpoint: gone.baseUrl,
        servedModelName: 'mistral-small',
      },
      { circuit: { ejectionMs: 50, maxEjectionMs: 50 } },
    )
    const chat = { feature: 'duo-chat', messages: [{ role: 'user', content: 'Hello' }] } as const
    const seen = new Map<string, number>()
    const call = async () => {
      const error: unknown = await client.generate(chat).catch((reason: unknown) => reason)
      const key = DuoModelError.is(error) ? `${error.code} ${error.phase}` : 'something else'
      seen.set(key, (seen.get(key) ?? 0) + 1)
    }
    await Promise.all(Array.from({ length: 100 }, call))
    // The first limit lets 16 go, and a few more before the circuit opens; what they find out spares the others the trip.
    expect(seen.get('connection connect')).toBeLessThanOrEqual(21)
    expect([...seen.keys()].sort()).toEqual(['connection connect', 'connection queue'])
    await Promise.all(Array.from({ length: 10_000 }, call))
    expect(seen.get('connection queue')).toBeGreaterThan(9_990)
    expect(seen.size).toBe(2)

    const back = await startEmulator({
      platform: 'vllm',
      port: Number(port),
      speed: 0,
      servedModelName: 'mistral-small',
    })
    await expect.poll(async () => (await client.generate(chat)).text, { timeout: 10_000 }).not.toBe('')
    await back.close()
  })
})
