import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createDuoModelClient } from '../create-duo-model-client.js'
import type { DuoModelClient } from '../duo-model-client.js'
import { apiKey, deadEndpoint, deploymentAt, emulatedClient, failureOf, question } from '../testing/emulated-client.js'
import type { ReplicaStats } from './client-stats.js'

function replicasOf(client: DuoModelClient): readonly ReplicaStats[] {
  return client.stats().deployments['default']?.replicas ?? []
}

describe('client.stats()', () => {
  it('is empty before the first request', async () => {
    await using emulated = await emulatedClient()
    const { baseUrl = '' } = emulated.servers[0] ?? {}
    expect(emulated.client.stats()).toEqual({
      uptimeMs: expect.any(Number),
      runningCalls: 0,
      runningBatches: 0,
      deployments: {
        default: {
          platform: 'vllm',
          model: 'mistral-small-24b-instruct-2506',
          queued: 0,
          queuedByPriority: { interactive: 0, background: 0 },
          schedulerQueueTimeMs: { count: 0 },
          retryBudget: 10,
          draining: 0,
          replicas: [
            {
              endpoint: baseUrl,
              circuit: 'closed',
              health: { state: 'unknown' },
              inFlight: 0,
              backgroundInFlight: 0,
              concurrencyLimit: 16,
              attempts: 0,
              answers: 0,
              failures: 0,
              errors: {},
              tokens: { input: 0, output: 0, cacheRead: 0 },
              timeToFirstTokenMs: { count: 0 },
              interTokenLatencyMs: { count: 0 },
              endToEndLatencyMs: { count: 0 },
            },
          ],
        },
      },
    })
  })

  it('counts answers, tokens and times of whole and of streamed answers', async () => {
    await using emulated = await emulatedClient()
    const whole = await emulated.client.generate(question(1))
    const streamed = await emulated.client.stream(question(2)).response
    const [replica] = replicasOf(emulated.client)
    expect(replica).toMatchObject({
      attempts: 2,
      answers: 2,
      failures: 0,
      inFlight: 0,
      tokens: {
        input: (whole.usage.inputTokens ?? 0) + (streamed.usage.inputTokens ?? 0),
        output: (whole.usage.outputTokens ?? 0) + (streamed.usage.outputTokens ?? 0),
      },
      timeToFirstTokenMs: { count: 1 },
      endToEndLatencyMs: { count: 2 },
    })
    const longest = Math.max(whole.timing.endToEndLatencyMs, streamed.timing.endToEndLatencyMs)
    expect(replica?.endToEndLatencyMs.max).toBeLessThanOrEqual(longest)
  })

  it('counts a failure where it happened, and not the time it took on the replica that answered', async () => {
    const slowRefusal = { kind: 'slow-first-token', delayMs: 400, times: 1 } as const
    const refuse = { kind: 'status', status: 503, times: 1 } as const
    await using emulated = await emulatedClient([{ faults: [refuse] }, { faults: [refuse] }, { faults: [slowRefusal] }])
    const { attempts } = await emulated.client.generate(question(1))
    const replicas = replicasOf(emulated.client)
    const failures = replicas.reduce((sum, replica) => sum + replica.failures, 0)
    expect(failures).toBe(attempts - 1)
    for (const { errors, failures: failed } of replicas)
      expect(Object.values(errors).reduce((sum, count) => sum + count, 0)).toBe(failed)
    expect(replicas.reduce((sum, replica) => sum + replica.answers, 0)).toBe(1)
  })

  it('shows what is under way, and the tokens of an answer that was given up', async () => {
    const stall = { kind: 'stall', when: 'mid-stream', afterEvents: 4 } as const
    await using emulated = await emulatedClient([{ faults: [stall] }])
    const stream = emulated.client.stream(question(1))
    for await (const event of stream) {
      if (event.type !== 'text-delta') continue
      expect(emulated.client.stats()).toMatchObject({ runningCalls: 1 })
      expect(replicasOf(emulated.client)[0]).toMatchObject({ inFlight: 1, attempts: 1, answers: 0 })
      break
    }
    await sleep(0)
    expect(emulated.client.stats()).toMatchObject({ runningCalls: 0 })
    expect(replicasOf(emulated.client)[0]).toMatchObject({ inFlight: 0, failures: 1, errors: { aborted: 1 } })
    expect(replicasOf(emulated.client)[0]?.tokens.output).toBeGreaterThan(0)
  })

  it('counts the tokens of a stream that broke off', async () => {
    const cut = { kind: 'cut-stream', afterEvents: 5 } as const
    await using emulated = await emulatedClient([{ faults: [cut] }])
    const error = await failureOf(emulated.client.stream(question(1)).text())
    const [replica] = replicasOf(emulated.client)
    expect(replica?.errors).toEqual({ [error.code]: 1 })
    expect(replica?.tokens.output).toBe(error.partial?.usage?.outputTokens)
  })

  it('shows the circuit and the retry budget of a replica that is down', async () => {
    const client = createDuoModelClient(deploymentAt(await deadEndpoint()))
    await client.batch(Array.from({ length: 50 }, (_, index) => question(index))).summary
    expect(client.stats().deployments['default']?.retryBudget).toBeLessThan(10)
    expect(replicasOf(client)[0]).toMatchObject({ circuit: 'open', answers: 0 })
    expect(replicasOf(client)[0]?.errors.connection).toBeGreaterThan(0)
    await client.close()
  })

  it('is frozen data without secrets, also where an address holds one', async () => {
    const config = deploymentAt(`http://user:${apiKey}@127.0.0.1:1/v1?key=${apiKey}`)
    const client = createDuoModelClient(config, { compatibility: 'off' })
    const stats = client.stats()
    expect(JSON.stringify(stats)).not.toContain(apiKey)
    expect(replicasOf(client)[0]?.endpoint).toBe('http://127.0.0.1:1/v1')
    expect(JSON.parse(JSON.stringify(stats))).toEqual(stats)
    expect(Object.isFrozen(stats.deployments['default']?.replicas[0]?.errors)).toBe(true)
    await client.close()
  })
})
