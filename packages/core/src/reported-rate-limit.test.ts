import { type Emulator, type EmulatorOptions, startEmulator } from '@duo-models/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClientOptions } from './client-options.js'
import { createDuoModelClient } from './create-duo-model-client.js'
import type { DuoModelClient } from './duo-model-client.js'

const apiKey = 'azure-secret-key'
const open: AsyncDisposable[] = []

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]()
})

interface AzureLimits {
  readonly requestsPerMinute?: number
  readonly tokensPerMinute?: number
}

async function azure(limits: AzureLimits, options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const deployments = { chat: { model: 'gpt-4o', contextWindow: 128_000, ...limits } }
  const emulator = await startEmulator({ platform: 'azure-openai', apiKey, speed: 0, deployments, ...options })
  open.push(emulator)
  return emulator
}

function clientOf({ url }: Emulator, options?: ClientOptions): DuoModelClient {
  const deployment = { platform: 'azure-openai', model: 'gpt-4o', endpoint: url, deployment: 'chat', apiKey } as const
  const client = createDuoModelClient({ deployments: { chat: deployment }, features: { 'duo-chat': 'chat' } }, options)
  open.push(client)
  return client
}

const ask = (maxOutputTokens: number) =>
  ({ feature: 'duo-chat', messages: [{ role: 'user', content: 'Hello there' }], maxOutputTokens }) as const

/** Somebody else with the same key. */
async function useElsewhere({ url }: Emulator, tokens: number): Promise<void> {
  const response = await fetch(`${url}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'api-key': apiKey },
    body: JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: 'x' }], max_completion_tokens: tokens }),
  })
  expect(response.status).toBe(200)
  await response.text()
}

const refusals = ({ requests }: Emulator) => requests.filter(({ status }) => status === 429).length
const rateLimitOf = (client: DuoModelClient) => client.stats().deployments['chat']?.rateLimit

/** Sends many at once, and gives up on those that still wait after a while. */
async function sendMany(count: number, send: (signal: AbortSignal) => Promise<unknown>): Promise<readonly string[]> {
  const signal = AbortSignal.timeout(1_000)
  const results = await Promise.all(
    Array.from({ length: count }, () =>
      send(signal).then(
        () => 'answered',
        (error) => (error as { code: string }).code,
      ),
    ),
  )
  return [...new Set(results)].toSorted()
}

describe('a client without configured limits', () => {
  it('has none until the server reports some', async () => {
    const emulator = await azure({ requestsPerMinute: 600, tokensPerMinute: 60_000 })
    const client = clientOf(emulator)
    expect(rateLimitOf(client)).toBeUndefined()
    await client.generate(ask(10))
    expect(rateLimitOf(client)).toMatchObject({
      requests: { perMinute: 600, used: 1, usedByOthers: 0, source: 'reported' },
      tokens: { perMinute: 60_000, source: 'reported' },
    })
  })

  it('goes without where the server reports none', async () => {
    const emulator = await azure({})
    const client = clientOf(emulator)
    await Promise.all(Array.from({ length: 50 }, () => client.generate(ask(10))))
    expect(rateLimitOf(client)).toBeUndefined()
  })

  it.each(['generate', 'stream'] as const)('sends no request too many with %s', async (method) => {
    const emulator = await azure({ requestsPerMinute: 120 })
    const client = clientOf(emulator)
    await client.generate(ask(10))
    const outcomes = await sendMany(30, (signal) =>
      method === 'generate' ? client.generate(ask(10), { signal }) : client.stream(ask(10), { signal }).response,
    )
    expect(outcomes).toEqual(['aborted', 'answered'])
    expect(refusals(emulator)).toBe(0)
    expect(emulator.requests.length).toBeGreaterThanOrEqual(3)
  })

  it.each(['generate', 'stream'] as const)('leaves the tokens others use alone with %s', async (method) => {
    const emulator = await azure({ tokensPerMinute: 60_000 })
    const client = clientOf(emulator)
    for (let time = 0; time < 4; time += 1) await useElsewhere(emulator, 14_700)
    await client.generate(ask(100))
    expect(rateLimitOf(client)?.tokens?.usedByOthers).toBeGreaterThanOrEqual(58_800)
    const outcomes = await sendMany(30, (signal) =>
      method === 'generate' ? client.generate(ask(100), { signal }) : client.stream(ask(100), { signal }).response,
    )
    expect(outcomes).toEqual(['aborted', 'answered'])
    expect(refusals(emulator)).toBe(0)
    const own = emulator.requests.length - 4
    expect(own).toBeGreaterThanOrEqual(3)
    expect(own).toBeLessThanOrEqual(6)
  })

  it('does not let one deployment hold up another', async () => {
    const [slow, quick] = [await azure({ requestsPerMinute: 6 }), await azure({})]
    const deploymentOf = ({ url }: Emulator) =>
      ({ platform: 'azure-openai', model: 'gpt-4o', endpoint: url, deployment: 'chat', apiKey }) as const
    const client = createDuoModelClient({ deployments: { slow: deploymentOf(slow), quick: deploymentOf(quick) } })
    open.push(client)
    await client.generate({ ...ask(10), deployment: 'slow' })
    const waiting = sendMany(3, (signal) => client.generate({ ...ask(10), deployment: 'slow' }, { signal }))
    await Promise.all(Array.from({ length: 20 }, () => client.generate({ ...ask(10), deployment: 'quick' })))
    expect(quick.requests).toHaveLength(20)
    expect(await waiting).toEqual(['aborted'])
    expect(slow.requests).toHaveLength(1)
  })
})

it('a server with nothing left is not waited for where another deployment would serve the request', async () => {
  const [full, spare] = [await azure({ tokensPerMinute: 10_000 }), await azure({})]
  const deploymentOf = ({ url }: Emulator) =>
    ({ platform: 'azure-openai', model: 'gpt-4o', endpoint: url, deployment: 'chat', apiKey }) as const
  const client = createDuoModelClient({
    deployments: { full: deploymentOf(full), spare: deploymentOf(spare) },
    features: { 'duo-chat': ['full', 'spare'] },
  })
  open.push(client)
  await useElsewhere(full, 9_700)
  expect((await client.generate(ask(100))).deployment).toBe('full')
  for (let time = 0; time < 5; time += 1) expect((await client.generate(ask(500))).deployment).toBe('spare')
  expect(refusals(full)).toBe(0)
  expect(full.requests).toHaveLength(2)
})

it('the configured limit stays the most where the server allows more', async () => {
  const emulator = await azure({ requestsPerMinute: 6_000 })
  const client = clientOf(emulator, { rateLimits: { chat: { requestsPerMinute: 150 } } })
  await client.generate(ask(10))
  expect(await sendMany(10, (signal) => client.generate(ask(10), { signal }))).toEqual(['aborted', 'answered'])
  expect(emulator.requests.length).toBeLessThanOrEqual(6)
  expect(rateLimitOf(client)?.requests).toMatchObject({ perMinute: 150, source: 'configured' })
})
