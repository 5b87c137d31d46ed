import { DuoModelError } from '@duo-models/adapters'
import { type Emulator, type EmulatorOptions, startEmulator } from '@duo-models/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClientOptions } from './client-options.js'
import { createDuoModelClient } from './create-duo-model-client.js'
import type { DuoModelClient } from './duo-model-client.js'

const chat = { feature: 'duo-chat', messages: [{ role: 'user', content: 'Hello' }] } as const
const open: AsyncDisposable[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource[Symbol.asyncDispose]()))
})

async function emulator(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const started = await startEmulator({ platform: 'vllm', servedModelName: 'mistral-small', speed: 0, ...options })
  open.push(started)
  return started
}

function client(servers: Readonly<Record<string, Emulator>>, options: ClientOptions): DuoModelClient {
  const deployments = Object.entries(servers).map(([name, { baseUrl }]) => [
    name,
    {
      platform: 'vllm',
      model: 'mistral-small-24b-instruct-2506',
      endpoint: baseUrl,
      servedModelName: 'mistral-small',
    } as const,
  ])
  const created = createDuoModelClient(
    { deployments: Object.fromEntries(deployments), features: { 'duo-chat': Object.keys(servers) } },
    options,
  )
  open.push(created)
  return created
}

async function failureOf(promise: Promise<unknown>): Promise<DuoModelError> {
  const error = await promise.catch((reason: unknown) => reason)
  if (!DuoModelError.is(error)) throw new Error('a DuoModelError was expected')
  return error
}

describe('rate limits of a client', () => {
  it('send requests at the pace that is allowed, and say how long each waited', async () => {
    const server = await emulator()
    const duo = client({ chat: server }, { rateLimits: { chat: { requestsPerMinute: 600 } } })
    const responses = await Promise.all(Array.from({ length: 20 }, () => duo.generate(chat)))
    const waits = responses.map(({ timing }) => timing.schedulerQueueTimeMs)
    expect(waits[0]).toBe(0)
    expect(Math.max(...waits)).toBeGreaterThan(300)
    const streamed = await Promise.all(Array.from({ length: 15 }, () => duo.stream(chat).response))
    expect(Math.max(...streamed.map(({ timing }) => timing.schedulerQueueTimeMs))).toBeGreaterThan(200)
  })

  it('do not hold up another deployment', async () => {
    const [slow, quick] = [await emulator(), await emulator()]
    const duo = client({ slow, quick }, { rateLimits: { slow: { requestsPerMinute: 1 } } })
    await duo.generate({ ...chat, deployment: 'slow' })
    const waiting = failureOf(duo.generate({ ...chat, deployment: 'slow' }, { signal: AbortSignal.timeout(300) }))
    await Promise.all(Array.from({ length: 20 }, () => duo.generate({ ...chat, deployment: 'quick' })))
    expect(quick.requests).toHaveLength(20)
    expect((await waiting).code).toBe('aborted')
    expect(slow.requests).toHaveLength(1)
  })

  it('are shared within a group', async () => {
    const [one, two] = [await emulator(), await emulator()]
    const limit = { requestsPerMinute: 1, group: 'key' }
    const duo = client({ one, two }, { rateLimits: { one: limit, two: limit }, timeouts: { totalMs: 200 } })
    await duo.generate({ ...chat, deployment: 'one' })
    expect(await failureOf(duo.generate({ ...chat, deployment: 'two' }))).toMatchObject({
      code: 'timeout',
      which: 'total',
    })
    expect(two.requests).toHaveLength(0)
  })

  it('refuse more waiting requests than allowed, and let go of all of them when the client is closed', async () => {
    const server = await emulator()
    const duo = client({ chat: server }, { rateLimits: { chat: { requestsPerMinute: 1 } }, maxQueued: 2 })
    await duo.generate(chat)
    const failures = Promise.all(Array.from({ length: 5 }, () => failureOf(duo.generate(chat))))
    await duo.close()
    expect((await failures).map(({ code }) => code).toSorted()).toEqual([
      'aborted',
      'aborted',
      'queue-full',
      'queue-full',
      'queue-full',
    ])
    expect(server.requests).toHaveLength(1)
  })

  it('keep a pause the server asked for, for every caller', async () => {
    const server = await emulator({
      faults: [{ kind: 'status', status: 429, headers: { 'retry-after': '1' }, times: 1 }],
    })
    const duo = client({ chat: server }, {})
    const first = duo.generate(chat)
    await expect.poll(() => server.requests.length).toBe(1)
    await first
    const [refused, ...later] = server.requests.map(({ startedAt }) => startedAt)
    expect(later.length).toBe(1)
    expect((later[0] ?? 0) - (refused ?? 0)).toBeGreaterThanOrEqual(995)

    const strict = await emulator({ faults: [{ kind: 'status', status: 429, headers: { 'retry-after': '600' } }] })
    const limited = client({ chat: strict }, {})
    await failureOf(limited.generate(chat))
    const failure = await failureOf(limited.generate(chat))
    expect(failure).toMatchObject({ code: 'rate-limit', phase: 'queue', deployment: 'chat' })
    expect(failure.message).toMatch(/was not asked.*asked to wait, for \d+ s/)
    expect(strict.requests).toHaveLength(1)
  })

  it('go to the next deployment instead of waiting for a server that asked to wait', async () => {
    const limited = await emulator({ faults: [{ kind: 'status', status: 429, headers: { 'retry-after': '5' } }] })
    const spare = await emulator()
    const duo = client({ limited, spare }, {})
    for (let time = 0; time < 5; time += 1) expect((await duo.generate(chat)).deployment).toBe('spare')
    expect(limited.requests).toHaveLength(1)
  })

  it.each([
    [{ rateLimits: { chatt: { requestsPerMinute: 1 } } }, /names a deployment 'chatt'.*It has: chat, two/],
    [
      { rateLimits: { chat: { requestsPerMinute: 0 } } },
      /'rateLimits\.chat\.requestsPerMinute' must be a number above 0/,
    ],
    [{ rateLimits: { chat: { tokensPerMinute: Number.NaN } } }, /'rateLimits\.chat\.tokensPerMinute'.*it is NaN/],
    [{ rateLimits: { chat: { ignoreReported: 'yes' } } }, /'rateLimits\.chat\.ignoreReported' must be/],
    [{ rateLimits: { chat: { rpm: 1 } } }, /no option 'rateLimits\.chat\.rpm'/],
    [{ rateLimits: [] }, /'rateLimits' must be an object/],
    [
      {
        rateLimits: {
          chat: { requestsPerMinute: 1, group: 'g' },
          two: { requestsPerMinute: 2, group: 'g' },
        },
      },
      /'rateLimits\.two' has other limits than the rest of the group 'g'/,
    ],
    [{ maxQueued: 0 }, /'maxQueued' must be a whole number of at least 1/],
    [
      { routing: 'random' },
      /'routing' must be one of 'prefix-affinity', 'least-loaded', 'round-robin'; it is 'random'/,
    ],
    [
      { circuit: { failureThreshold: 0.5 } },
      /'circuit\.failureThreshold' must be a whole number of at least 1, or Infinity/,
    ],
  ])('refuse %j', async (options, message) => {
    const [chatServer, two] = [await emulator(), await emulator()]
    expect(() => client({ chat: chatServer, two }, options as unknown as ClientOptions)).toThrow(message)
  })
})
