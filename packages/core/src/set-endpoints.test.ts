import { type Emulator, startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import type { ClientOptions } from './client-options.js'
import { createDuoModelClient } from './create-duo-model-client.js'
import type { DuoModelClient } from './duo-model-client.js'
import type { CircuitEvent, ReplicaEvent } from './events/client-events.js'
import { apiKey, deadEndpoint, deploymentAt, emulatedClient, failureOf, question } from './testing/emulated-client.js'

const statsOf = (client: DuoModelClient) => {
  const stats = client.stats().deployments['default']
  if (stats === undefined) throw new RangeError('There is one deployment.')
  return stats
}

const endpointsOf = (client: DuoModelClient) => statsOf(client).replicas.map(({ endpoint }) => endpoint)

/** As `expect.poll`, for machines that are busy. */
const soon = <Value>(read: () => Value) => expect.poll(read, { timeout: 10_000, interval: 5 })

/** Servers that are no replicas yet. */
async function spareServers(count: number): Promise<readonly Emulator[]> {
  const options = { platform: 'vllm', servedModelName: 'mistral-small', apiKey, speed: 0 } as const
  return Promise.all(Array.from({ length: count }, () => startEmulator(options)))
}

const postsAt = ({ requests }: Emulator) => requests.filter(({ method }) => method === 'POST').length

/** No request is still open. */
const isQuiet = ({ requests }: Emulator) => requests.every(({ endedAt }) => endedAt !== undefined)

describe('setEndpoints', () => {
  it('swaps servers under load, and every call is answered', async () => {
    await using emulated = await emulatedClient([{}, {}], { routing: 'least-loaded', hooks: {} })
    const { client } = emulated
    const servers = [...emulated.servers, ...(await spareServers(3))]
    const urls = servers.map(({ baseUrl }) => baseUrl)
    let isOver = false
    let answers = 0
    const caller = async (number: number): Promise<void> => {
      for (let turn = 0; !isOver; turn += 1) {
        const ask = question(number * 1_000 + turn)
        const text = number % 2 === 0 ? await client.stream(ask).text() : (await client.generate(ask)).text
        expect(text).not.toBe('')
        answers += 1
      }
    }
    const callers = Promise.all(Array.from({ length: 16 }, (_, number) => caller(number)))
    for (let round = 0; round < 40; round += 1) {
      const before = answers
      const count = 1 + (round % 4)
      const now = Array.from({ length: count }, (_, index) => urls[(round + index) % urls.length] as string)
      client.setEndpoints('default', now)
      expect(endpointsOf(client)).toEqual(now)
      await soon(() => answers).toBeGreaterThan(before + 20)
    }
    isOver = true
    await callers
    client.setEndpoints('default', urls[0] as string)
    await soon(() => statsOf(client).draining).toBe(0)
    for (const server of servers) expect(postsAt(server)).toBeGreaterThan(20)
    const posts = servers.reduce((sum, server) => sum + postsAt(server), 0)
    expect(posts).toBe(answers)
    await Promise.all(servers.slice(2).map((server) => server.close()))
  }, 60_000)

  it('lets one that leaves finish, and gives it nothing new', async () => {
    const stall = { kind: 'stall', when: 'mid-stream', afterEvents: 3, durationMs: 400 } as const
    await using emulated = await emulatedClient([{ faults: [stall] }])
    const { client } = emulated
    const [old] = emulated.servers as [Emulator]
    const [fresh] = (await spareServers(1)) as [Emulator]
    const events = client.stream(question(1))[Symbol.asyncIterator]()
    await events.next()
    client.setEndpoints('default', fresh.baseUrl)
    expect(statsOf(client)).toMatchObject({ draining: 1, replicas: [{ endpoint: fresh.baseUrl, attempts: 0 }] })
    for (const number of [2, 3, 4]) await client.generate(question(number))
    expect([postsAt(old), postsAt(fresh)]).toEqual([1, 3])
    let last: unknown
    for (let item = await events.next(); item.done !== true; item = await events.next()) last = item.value
    expect(last).toMatchObject({ type: 'response-end' })
    await soon(() => statsOf(client).draining).toBe(0)
    await fresh.close()
  })

  it('leaves a replica that is listed again as it is', async () => {
    await using emulated = await emulatedClient([{}, {}])
    const { client, servers } = emulated
    const [spare] = (await spareServers(1)) as [Emulator]
    for (let number = 0; number < 20; number += 1) await client.generate(question(number))
    const [first, second] = statsOf(client).replicas
    client.setEndpoints('default', [spare.baseUrl, servers[1]?.baseUrl ?? ''])
    expect(statsOf(client).replicas).toMatchObject([{ attempts: 0 }, { attempts: second?.attempts }])
    client.setEndpoints(
      'default',
      servers.map(({ baseUrl }) => baseUrl),
    )
    // One that left and comes back is a new one.
    expect(statsOf(client).replicas).toMatchObject([{ attempts: 0 }, { attempts: second?.attempts }])
    expect(first?.attempts).toBeGreaterThan(0)
    await spare.close()
  })

  it('lets a request that waits for its turn go on with the new list', async () => {
    const busy = { kind: 'status', status: 429, headers: { 'retry-after': '30' } } as const
    await using emulated = await emulatedClient([{ faults: [busy] }])
    const { client } = emulated
    const [fresh] = (await spareServers(1)) as [Emulator]
    const retried = failureOf(client.generate(question(1)))
    await expect
      .poll(() => isQuiet(emulated.servers[0] as Emulator) && postsAt(emulated.servers[0] as Emulator))
      .toBe(1)
    const waiting = client.generate(question(2))
    await soon(() => statsOf(client).queued).toBe(1)
    client.setEndpoints('default', fresh.baseUrl)
    expect((await waiting).text).not.toBe('')
    expect(postsAt(fresh)).toBe(1)
    await client.close()
    expect(await retried).toMatchObject({ code: 'aborted' })
    await fresh.close()
  })

  it('is followed by probe() and by hooks, those of circuits included', async () => {
    const replicaEvents: ReplicaEvent[] = []
    const circuitEvents: CircuitEvent[] = []
    const hooks = {
      onReplica: (event: ReplicaEvent) => void replicaEvents.push(event),
      onCircuit: (event: CircuitEvent) => void circuitEvents.push(event),
    }
    const lines: string[] = []
    const logger = { info: (message: string) => void lines.push(message) }
    const options = { hooks, logger, circuit: { failureThreshold: 1 }, retry: { maxAttempts: 1 } }
    await using emulated = await emulatedClient([{}], options)
    const { client } = emulated
    const dead = await deadEndpoint()
    const old = emulated.servers[0]?.baseUrl ?? ''
    client.setEndpoints('default', dead)
    await soon(() => replicaEvents.length).toBe(3)
    const common = { deployment: 'default' }
    expect(replicaEvents).toEqual([
      { ...common, endpoint: dead, change: 'joined' },
      { ...common, endpoint: old, change: 'left' },
      { ...common, endpoint: old, change: 'drained' },
    ])
    expect(lines).toEqual([
      `replica ${dead} of default has joined`,
      `replica ${old} of default has left`,
      `replica ${old} of default has done its last request`,
    ])
    await failureOf(client.generate(question(1)))
    expect(circuitEvents).toEqual([{ ...common, endpoint: dead, state: 'open' }])
    const { deployments } = await client.probe({ request: false })
    expect(deployments['default']).toMatchObject([{ endpoint: dead, isReachable: false }])
  })

  it('does not keep close() from closing what still finishes', async () => {
    const stall = { kind: 'stall', when: 'mid-stream', afterEvents: 3 } as const
    await using emulated = await emulatedClient([{ faults: [stall] }])
    const { client } = emulated
    const [old] = emulated.servers as [Emulator]
    const events = client.stream(question(1))[Symbol.asyncIterator]()
    await events.next()
    client.setEndpoints('default', await deadEndpoint())
    await client.close()
    const rest = async (): Promise<void> => {
      while ((await events.next()).done !== true);
    }
    expect(await failureOf(rest())).toMatchObject({ code: 'aborted' })
    expect(statsOf(client).draining).toBe(0)
    await soon(() => isQuiet(old)).toBe(true)
  })

  const vllm = deploymentAt('http://gpu-1:8000/v1', 'http://gpu-2:8000/v1')
  const modelId = 'us.anthropic.claude-3-7-sonnet-20250219-v1:0'
  const bedrock = { platform: 'bedrock', model: 'claude-3.7-sonnet', region: 'us-east-1', modelId } as const
  const secret = 'hunter2-hunter2'

  it.each([
    ['a deployment there is not', 'other', 'http://gpu-3:8000/v1', 'configuration', /no deployment 'other'.*default/],
    ['an empty list', 'default', [], 'configuration', /must be a URL or a list of at least one.*an empty list/],
    ['nothing', 'default', undefined, 'configuration', /must be a URL or a list of at least one.*undefined/],
    ['an empty text', 'default', '', 'configuration', /stay as they were\..*endpoint/],
    [
      'a number in the list',
      'default',
      ['http://gpu-1:8000/v1', 5],
      'configuration',
      /\/deployments\/default\/endpoint/,
    ],
    ['another scheme', 'default', 'ftp://gpu-1:8000/v1', 'compatibility', /endpoint-scheme-not-http/],
    [
      'a secret in it',
      'default',
      `ftp://user:${secret}@gpu-1:8000/v1?key=${secret}`,
      'compatibility',
      /endpoint-scheme-not-http/,
    ],
  ])('refuses %s, and nothing changes', async (_, deployment, endpoints, code, message) => {
    await using client = createDuoModelClient(vllm)
    const before = endpointsOf(client)
    const attempt = Promise.resolve().then(() => client.setEndpoints(deployment, endpoints as string[]))
    const error = await failureOf(attempt)
    expect(error).toMatchObject({ code })
    expect(error.message).toMatch(message)
    expect(JSON.stringify(error) + String(error.stack)).not.toContain(secret)
    expect(endpointsOf(client)).toEqual(before)
  })

  it('shows no secret of an endpoint', async () => {
    const seen: unknown[] = []
    const logger = { info: (message: string, fields: object) => void seen.push(message, fields) }
    await using client = createDuoModelClient(vllm, { logger })
    client.setEndpoints('default', `http://user:${secret}@gpu-9:8000/v1`)
    await soon(() => seen.length).toBe(10)
    expect(JSON.stringify([seen, client.stats()])).not.toContain(secret)
    expect(endpointsOf(client)).toEqual(['http://gpu-9:8000/v1'])
  })

  it('refuses a deployment that is found by region, and a closed client', async () => {
    const client = createDuoModelClient(bedrock, { compatibility: 'off' })
    expect(() => client.setEndpoints('default', 'https://vpce-1.example.com')).toThrow(/has no endpoints/)
    await client.close()
    expect(() => client.setEndpoints('default', 'https://vpce-1.example.com')).toThrow(/client is closed/)
  })

  it.each<[string, Parameters<typeof createDuoModelClient>[0], ClientOptions]>([
    ['a single deployment', vllm, {}],
    [
      'sections',
      {
        gitlab: { version: '18.2', tier: 'ultimate', addOn: 'duo-enterprise' },
        deployments: { default: vllm, chat: bedrock },
        features: { 'duo-chat': ['default', 'chat'] },
      },
      { compatibility: 'warn' },
    ],
    [
      'a VPC endpoint of Bedrock',
      { ...bedrock, endpoint: 'https://vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com' },
      { compatibility: 'warn' },
    ],
  ])('takes one URL or several, twice in a row: %s', async (_, config, options) => {
    await using client = createDuoModelClient(config, options)
    client.setEndpoints('default', ['http://gpu-1:8000/v1', 'http://gpu-7:8000/v1'])
    expect(endpointsOf(client)).toEqual(['http://gpu-1:8000/v1', 'http://gpu-7:8000/v1'])
    client.setEndpoints('default', 'http://gpu-8:8000/v1')
    expect(endpointsOf(client)).toEqual(['http://gpu-8:8000/v1'])
  })
})
