import { getEventListeners, once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { AllDeploymentsFailedError, DuoModelError, type ModelAdapter } from '@duo-models/adapters'
import { type Emulator, type EmulatorOptions, startEmulator } from '@duo-models/emulator'
import type { DuoModelsConfiguration } from '@duo-models/rules'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClientOptions } from './client-options.js'
import { createDuoModelClient } from './create-duo-model-client.js'
import type { DuoModelClient } from './duo-model-client.js'
import type { ModelRequest } from './model-request.js'

const apiKey = 'sk-very-secret-1234567890'
const servedModelName = 'mistral-small'
const chat: ModelRequest = { feature: 'duo-chat', messages: [{ role: 'user', content: 'How do I squash commits?' }] }

const open: AsyncDisposable[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource[Symbol.asyncDispose]()))
})

async function emulator(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const started = await startEmulator({ platform: 'vllm', servedModelName, apiKey, speed: 0, ...options })
  open.push(started)
  return started
}

function client(config: DuoModelsConfiguration<string>, options?: ClientOptions): DuoModelClient {
  const created = createDuoModelClient(config, options)
  open.push(created)
  return created
}

function deployment(...endpoints: string[]) {
  return {
    platform: 'vllm',
    model: 'mistral-small-24b-instruct-2506',
    endpoint: endpoints,
    servedModelName,
    apiKey,
  } as const
}

async function failureOf(promise: Promise<unknown>): Promise<DuoModelError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!DuoModelError.is(error)) throw new Error(`a DuoModelError was expected, and there was ${inspect(error)}`)
  return error
}

/** A port nobody listens on. */
async function deadEndpoint(): Promise<string> {
  const started = await startEmulator({ platform: 'vllm' })
  await started.close()
  return started.baseUrl
}

describe('what a client does', () => {
  it('streams a chat answer: start, deltas, end with usage and times', async () => {
    const server = await emulator()
    const types: string[] = []
    let text = ''
    const stream = client(deployment(server.baseUrl)).stream(chat)
    for await (const event of stream) {
      types.push(event.type)
      if (event.type === 'text-delta') text += event.text
      if (event.type === 'response-end') {
        expect(event.finishReason).toEqual({ unified: 'stop', raw: 'stop' })
        expect(event.usage.outputTokens).toBeGreaterThan(0)
        expect(event.timing.timeToFirstTokenMs).toBeGreaterThan(0)
      }
    }
    expect(types[0]).toBe('response-start')
    expect(types.at(-1)).toBe('response-end')
    const response = await stream.response
    expect(response).toMatchObject({
      text,
      deployment: 'default',
      platform: 'vllm',
      model: 'mistral-small-24b-instruct-2506',
      servedModelName,
      attempts: 1,
      warnings: [],
    })
  })

  it('gives the same answer whole and streamed', async () => {
    const server = await emulator()
    const duo = client(deployment(server.baseUrl))
    const [whole, streamed] = [await duo.generate(chat), await duo.stream(chat).response]
    expect(whole.text).toBe(streamed.text)
    expect(whole.usage).toMatchObject({
      inputTokens: streamed.usage.inputTokens,
      outputTokens: streamed.usage.outputTokens,
    })
    expect(whole.timing.endToEndLatencyMs).toBeGreaterThan(0)
  })

  it('completes code with the tokens of a model that has them, and returns the middle only', async () => {
    const server = await emulator({ servedModelName: 'codestral' })
    const duo = client({
      platform: 'vllm',
      model: 'codestral-22b-v0.1',
      endpoint: server.baseUrl,
      servedModelName: 'codestral',
      apiKey,
    })
    const response = await duo.generate({
      feature: 'code-completion',
      prefix: 'def add(a, b):\n    ',
      suffix: '\n\nprint(add(1, 2))\n',
    })
    expect(response.text).not.toBe('')
    expect(response.text).not.toMatch(/\[(PREFIX|SUFFIX|MIDDLE)\]|```/)
    const [request] = server.requests
    expect(request?.path).toBe('/v1/completions')
    expect(request?.json).toMatchObject({ prompt: '[SUFFIX]\n\nprint(add(1, 2))\n[PREFIX]def add(a, b):\n    ' })
  })

  it('asks a model without such tokens in words, and takes fences and echoes out of the answer', async () => {
    const server = await emulator({ respond: () => '```python\nreturn a + b\n```' })
    const response = await client(deployment(server.baseUrl)).generate({
      feature: 'code-completion',
      prefix: 'def add(a, b):\n    ',
      suffix: '\n',
    })
    expect(response.text.trim()).toBe('return a + b')
    expect(server.requests[0]?.path).toBe('/v1/chat/completions')
  })

  it('generates code from an instruction', async () => {
    const server = await emulator({ respond: () => 'Here you are:\n\n```ts\nexport const one = 1\n```\n' })
    const stream = client(deployment(server.baseUrl)).stream({
      feature: 'code-generation',
      instruction: 'a constant that is one',
      language: 'typescript',
    })
    expect((await stream.text()).trim()).toBe('export const one = 1')
  })

  it('calls tools', async () => {
    const server = await emulator({
      autoToolChoice: true,
      respond: () => ({ text: '', toolCalls: [{ name: 'get_issue', arguments: '{"id":7}' }] }),
    })
    const response = await client(deployment(server.baseUrl)).stream({
      ...chat,
      feature: 'duo-chat',
      messages: [{ role: 'user', content: 'What is issue 7 about?' }],
      tools: [{ name: 'get_issue', parameters: { type: 'object', properties: { id: { type: 'integer' } } } }],
    }).response
    expect(response.finishReason.unified).toBe('tool-calls')
    expect(response.toolCalls).toMatchObject([{ name: 'get_issue', arguments: '{"id":7}' }])
  })

  it('sends settings and the platform’s own members', async () => {
    const server = await emulator()
    await client(deployment(server.baseUrl)).generate({
      ...chat,
      maxOutputTokens: 5,
      temperature: 0,
      topP: 0.9,
      stopSequences: ['END'],
      seed: 7,
      platformOptions: { top_k: 3 },
    })
    expect(server.requests[0]?.json).toMatchObject({ temperature: 0, top_p: 0.9, stop: ['END'], seed: 7, top_k: 3 })
  })

  it('spreads calls over the replicas', async () => {
    const servers = await Promise.all([emulator(), emulator(), emulator()])
    const duo = client(deployment(...servers.map(({ baseUrl }) => baseUrl)))
    await Promise.all(Array.from({ length: 30 }, () => duo.generate(chat)))
    for (const { requests } of servers) expect(requests).toHaveLength(10)
  })

  it('uses an adapter somebody else wrote', async () => {
    const echo: ModelAdapter = {
      platform: 'echo',
      connect: (target) => ({
        generate: () => Promise.reject(new TypeError('not today')),
        async *stream() {
          yield [
            { type: 'response-start', id: '1', model: target.servedModelName },
            { type: 'text-delta', text: 'hi' },
            { type: 'response-end', finishReason: { unified: 'stop', raw: 'done' }, usage: {} },
          ]
        },
        close: async () => {},
      }),
    }
    const duo = client(
      { deployments: { own: { platform: 'echo', model: 'parrot' } } },
      { adapters: [echo], compatibility: 'off' },
    )
    expect(await duo.stream({ ...chat, deployment: 'own' }).text()).toBe('hi')
    const failure = await failureOf(duo.generate({ ...chat, deployment: 'own' }))
    expect(failure).toMatchObject({ code: 'protocol', message: expect.stringContaining('TypeError: not today') })
  })
})

describe('a proxy', () => {
  it('carries the requests, and its password is never shown', async () => {
    const server = await emulator()
    const seen: string[] = []
    const proxy = createServer((request, response) => {
      seen.push(`${request.url} ${request.headers['proxy-authorization']}`)
      const forward = { method: request.method, headers: request.headers }
      request.pipe(httpRequest(request.url ?? '', forward, (answer) => answer.pipe(response)))
    }).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    open.push({ [Symbol.asyncDispose]: async () => void proxy.close() })
    const { port } = proxy.address() as AddressInfo
    const url = `http://user:hunter2@127.0.0.1:${port}`
    expect((await client(deployment(server.baseUrl), { proxy: url }).generate(chat)).text).not.toBe('')
    const login = Buffer.from('user:hunter2').toString('base64')
    expect(seen).toEqual([`${server.baseUrl}/chat/completions Basic ${login}`])

    const dead = url.replace(String(port), new URL(await deadEndpoint()).port)
    const failing = client(deployment(server.baseUrl), { proxy: dead, retry: { maxAttempts: 1 } })
    const failure = await failureOf(failing.generate(chat))
    expect(failure).toMatchObject({ code: 'connection', message: expect.stringMatching(/proxy/i) })
    expect(inspect(failure, { depth: Number.POSITIVE_INFINITY })).not.toMatch(/hunter2/)
  })
})

describe('what a client refuses before anything is sent', () => {
  it('a model the catalog does not know, with the nearest one', () => {
    expect(() =>
      createDuoModelClient({ platform: 'vllm', model: 'codestrall-22b-v0.1', endpoint: 'http://127.0.0.1:1/v1' }),
    ).toThrow(/codestral-22b-v0\.1/)
  })

  it('a misspelled key, with the nearest one', () => {
    const config = {
      platform: 'vllm',
      model: 'gpt-4o',
      endpont: 'http://127.0.0.1:1/v1',
    }
    expect(() => createDuoModelClient(config as unknown as DuoModelsConfiguration)).toThrow(/endpont.*endpoint/)
  })

  it('a feature the model is not for, with the report', async () => {
    const server = await emulator()
    const duo = client({ ...deployment(server.baseUrl), model: 'llama-3-8b' })
    const failure = await failureOf(duo.generate({ ...chat, deployment: 'default' }))
    expect(failure.code).toBe('compatibility')
    expect(failure).toHaveProperty('report.deployments.default.features.duo-chat.level', 'none')
    expect(server.requests).toHaveLength(0)
  })

  it('nothing with `off`, and with `warn` it says what it thinks', async () => {
    const server = await emulator()
    const config = { ...deployment(server.baseUrl), model: 'llama-3-8b' } as const
    const request = { ...chat, deployment: 'default' }
    const warned = await client(config, { compatibility: 'warn' }).generate(request)
    expect(warned.warnings.map(({ rule }) => rule)).toContain('feature-not-compatible')
    expect((await client(config, { compatibility: 'off' }).generate(request)).warnings).toEqual([])
    await expect(client(config).generate(request)).rejects.toMatchObject({ code: 'compatibility' })
  })

  it.each([
    [{ ...chat, temprature: 1 }, /no member 'temprature'.*temperature/],
    [{ ...chat, messages: [] }, /'messages' must be a list with at least one message; it is an empty list/],
    [{ ...chat, maxOutputTokens: Number.NaN }, /'maxOutputTokens' must be a whole number of at least 1; it is NaN/],
    [{ ...chat, messages: [{ role: 'robot', content: 'x' }] }, /'messages\[0\]\.role'/],
    [{ feature: 'code-completion' }, /'prefix' must be a string; it is undefined/],
    [{ feature: 'constructor', messages: [] }, /messages/],
    [undefined, /'request' must be an object/],
    [{ ...chat, deployment: 'nope' }, /no deployment 'nope'.*default/],
  ])('the request %j', async (request, message) => {
    const duo = client(deployment('http://127.0.0.1:1/v1'))
    const failure = await failureOf(duo.generate(request as ModelRequest))
    expect(failure.message).toMatch(message)
    expect((await failureOf(duo.stream(request as ModelRequest).text())).message).toBe(failure.message)
  })

  it.each([
    [{ timeouts: { totalMs: Number.NaN } }, /'timeouts\.totalMs' must be a number above 0/],
    [{ timeouts: { firstTokensMs: 1 } }, /no option 'timeouts\.firstTokensMs'.*firstTokenMs/],
    [{ compatibility: 'strict' }, /'compatibility' must be one of 'enforce', 'warn', 'off'; it is 'strict'/],
    [{ maxConnections: 0 }, /'maxConnections' must be a whole number of at least 1/],
    [{ retries: 3 }, /no option 'retries'/],
  ])('the option %j', (options, message) => {
    expect(() => createDuoModelClient(deployment('http://127.0.0.1:1/v1'), options as ClientOptions)).toThrow(message)
  })

  it('calls after close()', async () => {
    const duo = client(deployment('http://127.0.0.1:1/v1'))
    await duo.close()
    expect((await failureOf(duo.generate(chat))).message).toMatch(/closed/)
  })
})

describe('how a call fails', () => {
  const fast: ClientOptions = { retry: { maxAttempts: 1 } }

  it('wrong API key: authentication, once, and no key is shown', async () => {
    const server = await emulator()
    const wrong = 'sk-wrong-key-000111222'
    const failure = await failureOf(client({ ...deployment(server.baseUrl), apiKey: wrong }).generate(chat))
    expect(failure).toMatchObject({ code: 'authentication', status: 401, deployment: 'default', platform: 'vllm' })
    for (const shown of [
      failure.message,
      failure.stack,
      JSON.stringify(failure),
      inspect(failure, { depth: Infinity }),
    ])
      expect(shown).not.toContain(wrong)
    expect(server.requests).toHaveLength(1)
  })

  it('nobody listens: connection, and the message says where', async () => {
    const endpoint = await deadEndpoint()
    const failure = await failureOf(client(deployment(endpoint), fast).generate(chat))
    expect(failure.code).toBe('connection')
    expect(failure.message).toContain(endpoint)
  })

  it('HTML instead of JSON: protocol', async () => {
    const server = await emulator({ faults: [{ kind: 'html' }] })
    const duo = client(deployment(server.baseUrl), fast)
    expect((await failureOf(duo.generate(chat))).code).toBe('protocol')
    expect((await failureOf(duo.stream(chat).text())).code).toBe('protocol')
  })

  it('a stream that is cut: stream-interrupted with the partial text, and no second attempt', async () => {
    const server = await emulator({ faults: [{ kind: 'cut-stream', afterEvents: 4 }] })
    const stream = client(deployment(server.baseUrl)).stream(chat)
    let text = ''
    const reading = (async () => {
      for await (const event of stream) if (event.type === 'text-delta') text += event.text
    })()
    const failure = await failureOf(reading)
    expect(failure.code).toBe('stream-interrupted')
    expect(text).not.toBe('')
    expect(failure.partial?.text).toBe(text)
    expect(server.requests).toHaveLength(1)
  })

  it('no first token: timeout, and the socket closes', async () => {
    const server = await emulator({ faults: [{ kind: 'stall', when: 'before-first-token' }] })
    const duo = client(deployment(server.baseUrl), { ...fast, timeouts: { firstTokenMs: 80 } })
    const failure = await failureOf(duo.stream(chat).text())
    expect(failure).toMatchObject({ code: 'timeout', which: 'first-token', timeoutMs: 80 })
    await expect.poll(() => server.requests[0]?.closedByClient).toBe(true)
  })

  it('a stall in the middle, keep-alive comments or not: timeout with the partial text', async () => {
    const server = await emulator({
      faults: [{ kind: 'stall', when: 'mid-stream', afterEvents: 4, keepAliveComments: 20 }],
    })
    const duo = client(deployment(server.baseUrl), { ...fast, timeouts: { interTokenMs: 100 } })
    const failure = await failureOf(duo.stream(chat).text())
    expect(failure).toMatchObject({ code: 'timeout', which: 'inter-token' })
    expect(failure.partial?.text).not.toBe('')
  })

  it('a whole answer that does not come: the total limit', async () => {
    const server = await emulator({ faults: [{ kind: 'stall', when: 'before-headers' }] })
    const duo = client(deployment(server.baseUrl), { timeouts: { totalMs: 80 } })
    expect(await failureOf(duo.generate(chat))).toMatchObject({ code: 'timeout', which: 'total' })
    await expect.poll(() => server.requests[0]?.closedByClient).toBe(true)
  })

  it('an abort before, during and after: aborted, closed socket, no listener left', async () => {
    const server = await emulator({ speed: 1 })
    const duo = client(deployment(server.baseUrl))
    expect((await failureOf(duo.generate(chat, { signal: AbortSignal.abort() }))).code).toBe('aborted')
    expect(server.requests).toHaveLength(0)

    const controller = new AbortController()
    const stream = duo.stream(chat, { signal: controller.signal })
    const reading = (async () => {
      for await (const event of stream) if (event.type === 'text-delta') controller.abort(new Error('enough'))
    })()
    expect(await failureOf(reading)).toMatchObject({ code: 'aborted', cause: { message: 'enough' } })
    await expect.poll(() => server.requests[0]?.closedByClient).toBe(true)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('leaves nothing on a signal that many calls share', async () => {
    const server = await emulator()
    const { signal } = new AbortController()
    const duo = client(deployment(server.baseUrl))
    for (let round = 0; round < 20; round += 1)
      await Promise.all(Array.from({ length: 10 }, () => duo.generate(chat, { signal })))
    await duo.stream(chat, { signal }).text()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('a reader that leaves: the socket closes', async () => {
    const server = await emulator({ speed: 1 })
    for await (const event of client(deployment(server.baseUrl)).stream(chat)) if (event.type === 'text-delta') break
    await expect.poll(() => server.requests[0]?.closedByClient).toBe(true)
  })

  it('an adapter that ignores its signal cannot hold a call', async () => {
    const deaf: ModelAdapter = {
      platform: 'deaf',
      connect: () => ({
        generate: () => new Promise(() => {}),
        stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
        close: async () => {},
      }),
    }
    const duo = client(
      { deployments: { own: { platform: 'deaf', model: 'm' } } },
      { adapters: [deaf], compatibility: 'off', timeouts: { totalMs: 50 } },
    )
    expect((await failureOf(duo.generate({ ...chat, deployment: 'own' }))).code).toBe('timeout')
    expect((await failureOf(duo.stream({ ...chat, deployment: 'own' }).text())).code).toBe('timeout')
  })
})

describe('an adapter that breaks its contract in the middle of an answer', () => {
  it('is named, with what had arrived, and leaves nothing waiting', async () => {
    let asked = 0
    const next = () => {
      asked += 1
      if (asked > 1) throw new TypeError('lost it')
      return Promise.resolve({ done: false as const, value: [{ type: 'text-delta' as const, text: 'hi' }] })
    }
    const rude: ModelAdapter = {
      platform: 'rude',
      connect: () => ({
        generate: () => new Promise(() => {}),
        stream: () => ({ [Symbol.asyncIterator]: () => ({ next }) }),
        close: async () => {},
      }),
    }
    const duo = client(
      { deployments: { own: { platform: 'rude', model: 'm' } } },
      { adapters: [rude], compatibility: 'off' },
    )
    expect(await failureOf(duo.stream({ ...chat, deployment: 'own' }).text())).toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('TypeError: lost it'),
      partial: { text: 'hi', usage: { outputTokens: 1, estimated: true } },
    })
  })
})

describe('how a call is sent again', () => {
  it('after a 503, until it works', async () => {
    const server = await emulator({ faults: [{ kind: 'status', status: 503, times: 1 }] })
    const response = await client(deployment(server.baseUrl)).stream(chat).response
    expect(response.attempts).toBe(2)
    const ids = server.requests.map(({ headers }) => headers['x-request-id'])
    expect(new Set(ids).size).toBe(1)
  })

  it('never sooner than the server asks, and not at all when it asks for too long', async () => {
    const server = await emulator({
      faults: [{ kind: 'status', status: 429, headers: { 'retry-after': '1' }, times: 1 }],
    })
    await client(deployment(server.baseUrl)).generate(chat)
    const [first, second] = server.requests.map(({ startedAt }) => startedAt)
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(995)

    const strict = await emulator({ faults: [{ kind: 'status', status: 429, headers: { 'retry-after': '3600' } }] })
    const failure = await failureOf(client(deployment(strict.baseUrl)).generate(chat))
    expect(failure.retryAfterMs).toBe(3_600_000)
    expect(strict.requests).toHaveLength(1)
  })

  it('on another replica at once, when one is down', async () => {
    const server = await emulator()
    const duo = client(deployment(await deadEndpoint(), server.baseUrl))
    const responses = await Promise.all(Array.from({ length: 8 }, () => duo.generate(chat)))
    expect(responses.map(({ text }) => text)).not.toContain('')
    expect(server.requests).toHaveLength(8)
  })

  it('on the next deployment of the feature, when one fails', async () => {
    const [broken, working] = [await emulator({ faults: [{ kind: 'status', status: 500 }] }), await emulator()]
    const duo = client({
      deployments: { first: deployment(broken.baseUrl), second: deployment(working.baseUrl) },
      features: { 'duo-chat': ['first', 'second'] },
    })
    const response = await duo.stream(chat).response
    expect(response.deployment).toBe('second')
  })

  it('and says what every deployment failed with, when all did', async () => {
    const dead = await deadEndpoint()
    const limited = await emulator({ faults: [{ kind: 'status', status: 401, body: '{"error":"Unauthorized"}' }] })
    const duo = client(
      {
        deployments: { first: deployment(dead), second: deployment(limited.baseUrl) },
        features: { 'duo-chat': ['first', 'second'] },
      },
      { retry: { maxAttempts: 1 } },
    )
    const failure = await failureOf(duo.generate(chat))
    expect(failure).toBeInstanceOf(AllDeploymentsFailedError)
    expect(failure.message).toMatch(/first \(connection\).*second \(authentication\)/)
  })

  it('but not for what is wrong with the request itself', async () => {
    const server = await emulator({ maxModelLength: 64 })
    const spare = await emulator()
    const duo = client({
      deployments: { first: deployment(server.baseUrl), second: deployment(spare.baseUrl) },
      features: { 'duo-chat': ['first', 'second'] },
    })
    const long = { ...chat, messages: [{ role: 'user', content: 'word '.repeat(500) }] } as ModelRequest
    expect((await failureOf(duo.generate(long))).code).toBe('context-length')
    expect(spare.requests).toHaveLength(0)
  })

  it('within a budget: an outage of every replica is not multiplied', async () => {
    const endpoint = await emulator({ faults: [{ kind: 'status', status: 503, headers: { 'retry-after-ms': '0' } }] })
    const duo = client(deployment(endpoint.baseUrl))
    await Promise.all(Array.from({ length: 300 }, () => failureOf(duo.generate(chat))))
    // 300 first attempts, ten retries in reserve, one more for every ten calls.
    expect(endpoint.requests.length).toBeLessThanOrEqual(300 + 10 + 30)
  })
})

describe('close()', () => {
  it('aborts what is running', async () => {
    const server = await emulator({ faults: [{ kind: 'stall', when: 'before-first-token' }] })
    const duo = client(deployment(server.baseUrl))
    const running = failureOf(duo.stream(chat).text())
    await expect.poll(() => server.requests.length).toBe(1)
    await duo.close()
    expect((await running).code).toBe('aborted')
  })

  it('lets it finish first where it may', async () => {
    const server = await emulator({ speed: 5 })
    const duo = client(deployment(server.baseUrl))
    const running = duo.generate({ ...chat, maxOutputTokens: 10 })
    await expect.poll(() => server.requests.length).toBe(1)
    await duo.close({ drainMs: 10_000 })
    expect((await running).text).not.toBe('')
  })
})
