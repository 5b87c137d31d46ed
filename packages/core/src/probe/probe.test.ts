import type { ModelAdapter } from '@duo-models/adapters'
import { describe, expect, it } from 'vitest'
import { createDuoModelClient } from '../create-duo-model-client.js'
import { apiKey, deadEndpoint, deploymentAt, emulatedClient, failureOf } from '../testing/emulated-client.js'

describe('client.probe()', () => {
  it('tells what a server is, that it streams, and how fast', async () => {
    await using emulated = await emulatedClient([{ version: '0.8.5', maxModelLength: 4_096 }])
    const report = await emulated.client.probe()
    expect(report).toEqual({
      ok: true,
      findings: [],
      deployments: {
        default: [
          {
            endpoint: emulated.servers[0]?.baseUrl,
            isReachable: true,
            isAuthorised: true,
            isHealthy: true,
            version: '0.8.5',
            models: ['mistral-small'],
            isModelServed: true,
            maxModelLength: 4_096,
            isStreaming: true,
            timeToFirstTokenMs: expect.any(Number),
            interTokenLatencyMs: expect.any(Number),
            endToEndLatencyMs: expect.any(Number),
            problems: [],
          },
        ],
      },
    })
    expect(emulated.client.stats().deployments['default']?.replicas[0]).toMatchObject({ attempts: 0, inFlight: 0 })
  })

  it('generates nothing without the tiny request', async () => {
    await using emulated = await emulatedClient()
    const report = await emulated.client.probe({ request: false })
    expect(report.ok).toBe(true)
    expect(report.deployments['default']?.[0]).not.toHaveProperty('isStreaming')
    expect(emulated.servers[0]?.requests.every(({ method }) => method === 'GET')).toBe(true)
  })

  it('finds the replica nobody listens on, beside one that works', async () => {
    await using emulated = await emulatedClient()
    const [good = ''] = emulated.servers.map(({ baseUrl }) => baseUrl)
    const dead = await deadEndpoint()
    await using client = createDuoModelClient(deploymentAt(good, dead))
    const report = await client.probe()
    expect(report.ok).toBe(false)
    expect(report.findings).toHaveLength(1)
    expect(report.findings[0]).toMatchObject({
      rule: 'probe-unreachable',
      severity: 'error',
      deployment: 'default',
      endpoint: dead,
    })
    expect(report.deployments['default']?.map(({ isReachable }) => isReachable)).toEqual([true, false])
  })

  it('finds a key that is refused, without showing it', async () => {
    await using emulated = await emulatedClient([{ apiKey: 'another-key' }])
    const report = await emulated.client.probe()
    expect(report.findings.map(({ rule }) => rule)).toEqual(['probe-unauthorised'])
    expect(JSON.stringify(report)).not.toContain(apiKey)
    expect(emulated.servers[0]?.requests.every(({ method }) => method === 'GET')).toBe(true)
  })

  it('finds a name the server does not answer to', async () => {
    await using emulated = await emulatedClient([{ servedModelName: 'another-model' }])
    const { findings } = await emulated.client.probe()
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({
      rule: 'probe-model-not-served',
      message: "The server does not answer to 'mistral-small'. It answers to another-model.",
    })
  })

  it('finds a version and a context length that are not as configured', async () => {
    await using emulated = await emulatedClient([{ version: '0.9.0', maxModelLength: 4_096 }])
    const [endpoint = ''] = emulated.servers.map(({ baseUrl }) => baseUrl)
    const server = { version: '0.8.5', maxModelLength: 8_192 }
    await using client = createDuoModelClient({ ...deploymentAt(endpoint), server })
    const { ok, findings } = await client.probe()
    expect(ok).toBe(true)
    expect(findings.map(({ rule }) => rule)).toEqual(['probe-version-differs', 'probe-context-length-shorter'])
  })

  it('finds a health check that fails, a request that fails, and a stream that stalls', async () => {
    const sick = { kind: 'status', status: 500, path: '/health' } as const
    const refuse = { kind: 'status', status: 500, method: 'POST' } as const
    const stall = { kind: 'stall', when: 'mid-stream', method: 'POST' } as const
    await using emulated = await emulatedClient([{ faults: [sick] }, { faults: [refuse] }, { faults: [stall] }])
    const { findings, deployments } = await emulated.client.probe({ timeoutMs: 1_000 })
    expect(findings.map(({ rule }) => rule)).toEqual([
      'probe-unhealthy',
      'probe-request-failed',
      'probe-request-failed',
    ])
    expect(deployments['default']?.map(({ isStreaming }) => isStreaming)).toEqual([true, false, false])
    expect(emulated.client.stats().runningCalls).toBe(0)
    await expect
      .poll(() => emulated.servers[2]?.requests.every((each) => each.finished || each.closedByClient))
      .toBe(true)
  })

  it('learns from a tiny request what a platform without questions of its own is like', async () => {
    const answer = ['response-start', 'text-delta', 'response-end'] as const
    const adapter = (failure?: unknown): ModelAdapter & { platform: 'own' } => ({
      platform: 'own',
      connect: () => ({
        generate: () => Promise.reject(new Error('not asked for')),
        async *stream() {
          if (failure !== undefined) throw failure
          yield answer.map(
            (type) => ({ type, text: 'ok', finishReason: { unified: 'stop', raw: 'stop' }, usage: {} }) as never,
          )
        },
        close: () => Promise.resolve(),
      }),
    })
    await using client = createDuoModelClient(
      { platform: 'own', model: 'any' },
      { adapters: [adapter()], compatibility: 'off' },
    )
    const good = await client.probe()
    expect(good).toMatchObject({ ok: true, deployments: { default: [{ isReachable: true, isStreaming: true }] } })
    const mistake = new TypeError('x is undefined')
    await using broken = createDuoModelClient(
      { platform: 'own', model: 'any' },
      { adapters: [adapter(mistake)], compatibility: 'off' },
    )
    expect((await broken.probe()).findings).toMatchObject([{ rule: 'probe-request-failed' }])
  })

  it('gives up when its signal fires or the client closes', async () => {
    const stall = { kind: 'stall', when: 'before-headers' } as const
    await using emulated = await emulatedClient([{ faults: [stall] }])
    expect((await failureOf(emulated.client.probe({ signal: AbortSignal.abort() }))).code).toBe('aborted')
    const probing = failureOf(emulated.client.probe())
    await expect.poll(() => emulated.servers[0]?.requests.length).toBe(4)
    await emulated.client.close()
    expect((await probing).code).toBe('aborted')
    expect((await failureOf(emulated.client.probe())).message).toMatch(/client is closed/)
  })

  it.each([
    [{ timeoutMs: 0 }, /'timeoutMs' must be a number above 0/],
    [{ deployments: 'default' }, /'deployments' must be a list of names/],
    [{ deployments: ['__proto__'] }, /no deployment '__proto__'. It has: default/],
    [{ requests: true }, /The probe has no option 'requests'/],
  ])('refuses %j', async (options, message) => {
    await using client = createDuoModelClient(deploymentAt('http://127.0.0.1:1/v1'))
    expect((await failureOf(client.probe(options as never))).message).toMatch(message)
  })
})
