import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ClientOptions } from '../client-options.js'
import type { CodeCompletionRequest } from '../model-request.js'
import type { ModelResponse } from '../model-response.js'
import { type CompletingClient, completingClient, place } from '../testing/completing-client.js'
import { failureOf } from '../testing/emulated-client.js'

/** So long that what is gathered is sent because it is full, or because nothing is under way. */
const patient = (maxSize: number): ClientOptions => ({ microBatch: { maxSize, maxWaitMs: 1_000 } })
/** The first request of a test keeps the server busy while the others come. */
const busy = { kind: 'slow-first-token', delayMs: 300, requests: [0] } as const
const slow = (requests: readonly number[], delayMs = 300) => ({ kind: 'slow-first-token', delayMs, requests }) as const

const asIs = ({ text, usage, finishReason }: ModelResponse) => ({ text, usage, finishReason })

/** Sends one by itself, and the others as soon as it is under way. */
async function behindOne<Result>(
  { client, server }: CompletingClient,
  start: () => readonly Promise<Result>[],
): Promise<readonly Promise<Result>[]> {
  const before = server.requests.length
  const first = client.generate(place(0))
  first.catch(() => undefined)
  await expect.poll(() => server.requests.length).toBe(before + 1)
  return start()
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('micro-batching', () => {
  it('sends at once, and alone, what finds the server idle', async () => {
    await using completing = await completingClient({}, patient(4))
    const { client, prompts } = completing
    for (const number of numbers(3)) {
      await client.generate(place(number))
      await client.stream(place(number)).response
    }
    expect(prompts()).toHaveLength(6)
    expect(prompts().every((prompt) => typeof prompt === 'string')).toBe(true)
  })

  it.each(['0.6.4.post1', '0.8.5', '0.9.2', '0.11.0', '0.20.0'])(
    'shares one request among those who come while another is under way, and gives each its own answer (vLLM %s)',
    async (version) => {
      await using completing = await completingClient({ version, faults: [busy] }, patient(6))
      const { client, prompts } = completing
      const calls = await behindOne(completing, () => numbers(6).map((number) => client.stream(place(number)).response))
      const together = await Promise.all(calls)
      expect(prompts().map((prompt) => (typeof prompt === 'string' ? 1 : prompt.length))).toEqual([1, 6])
      for (const [index, response] of together.entries())
        expect(asIs(response)).toEqual(asIs(await client.generate(place(index + 1))))
      expect(new Set(together.map(({ text }) => text)).size).toBe(6)
      expect(together[0]).toMatchObject({ attempts: 1, usage: { inputTokens: expect.any(Number) } })
    },
  )

  it('sends what waits as soon as nothing is under way any more, however long it might wait', async () => {
    await using completing = await completingClient({ faults: [busy] }, patient(100))
    const { client, prompts } = completing
    const started = performance.now()
    const calls = await behindOne(completing, () => numbers(3).map((number) => client.stream(place(number)).response))
    await Promise.all(calls)
    expect(prompts().map((prompt) => typeof prompt)).toEqual(['string', 'object'])
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('asks for whole answers one by one, in one piece each, while streams that come meanwhile share a request', async () => {
    await using completing = await completingClient({ faults: [busy] }, patient(2))
    const { client, server } = completing
    const calls = await behindOne(completing, () =>
      numbers(5).map((number) => (number < 4 ? client.generate(place(number)) : client.stream(place(number)).response)),
    )
    for (const [index, response] of (await Promise.all(calls)).entries())
      expect(response.text).toContain(`parameter_${index + 1}_`)
    const sent = server.requests.map(({ json }) => json as { readonly prompt: unknown; readonly stream?: boolean })
    const whole = sent.filter(({ stream }) => stream !== true)
    expect(whole.map(({ prompt }) => typeof prompt)).toEqual(['string', 'string', 'string', 'string'])
    expect(sent.filter(({ stream }) => stream === true)).toMatchObject([{ prompt: { length: 2 } }])
  })

  it('lets only those share that differ in nothing but the prompt', async () => {
    await using completing = await completingClient({ faults: [busy] }, patient(100))
    const { client, prompts } = completing
    const groups = [{}, { maxOutputTokens: 25 }, { temperature: 0.5 }, { platformOptions: { n: 1 } }]
    const calls = await behindOne(completing, () =>
      groups.flatMap((more) => numbers(2).map((number) => client.stream(place(number, more)).response)),
    )
    await Promise.all(calls)
    const sizes = prompts().map((prompt) => (typeof prompt === 'string' ? 1 : prompt.length))
    expect(sizes.sort()).toEqual([1, 1, 1, 2, 2, 2])
  })

  it('lets nobody share who may get a long answer: the server might write it for a caller who has left', async () => {
    await using completing = await completingClient({ faults: [busy] }, patient(100))
    const { client, prompts } = completing
    const lengths = [256, 257, undefined]
    const calls = await behindOne(completing, () =>
      lengths.flatMap((maxOutputTokens) =>
        numbers(2).map((number) => client.stream(place(number, { maxOutputTokens })).response),
      ),
    )
    await Promise.all(calls)
    const sizes = prompts().map((prompt) => (typeof prompt === 'string' ? 1 : prompt.length))
    expect(sizes).toEqual([1, 1, 1, 1, 1, 2])
  })

  it('leaves conversations alone', async () => {
    await using completing = await completingClient({ faults: [slow([0, 1, 2], 100)] }, patient(100))
    const { client, server } = completing
    const chat = { feature: 'code-generation', instruction: 'Sort.', maxOutputTokens: 4 } as const
    await Promise.all([client.generate(chat), client.generate(chat), client.stream(chat).response])
    expect(server.requests.map(({ path }) => path)).toEqual(Array.from({ length: 3 }, () => '/v1/chat/completions'))
  })

  it('fails the one prompt that is wrong, and answers its neighbours', async () => {
    await using completing = await completingClient({ faults: [busy], maxModelLength: 400 }, patient(5))
    const { client, prompts } = completing
    const long = 'x = very_long_name + 1\n'.repeat(400)
    const places = numbers(5).map((number) => place(number, number === 3 ? { prefix: long } : {}))
    const calls = await behindOne(completing, () => places.map((request) => client.stream(request).response))
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
    const failure = await failureOf(calls[2] as Promise<ModelResponse>)
    expect(failure).toMatchObject({ code: 'context-length', status: 400, deployment: 'default' })
    // Together once, then each alone.
    expect(prompts().map((prompt) => (typeof prompt === 'string' ? 1 : prompt.length))).toEqual([1, 5, 1, 1, 1, 1, 1])
    const own = new Set((prompts().slice(2) as string[]).map((prompt) => prompt.length))
    expect(own.size).toBeGreaterThan(1)
  })

  it('leaves it for a while after that', async () => {
    await using completing = await completingClient({ faults: [busy, slow([7])], maxModelLength: 400 }, patient(2))
    const { client, prompts } = completing
    const long = place(1, { prefix: 'x = very_long_name + 1\n'.repeat(400) })
    await Promise.allSettled(
      await behindOne(completing, () => [long, place(2)].map((request) => client.stream(request).response)),
    )
    const before = prompts().length
    await Promise.all(numbers(4).map((number) => client.stream(place(number)).response))
    expect(
      prompts()
        .slice(before)
        .every((prompt) => typeof prompt === 'string'),
    ).toBe(true)
  })

  it('gives every caller a failure of the server, which its own retries deal with', async () => {
    const broken = { kind: 'status', status: 503, body: 'loading', requests: [1] } as const
    await using completing = await completingClient({ faults: [busy, broken] }, patient(3))
    const { client, prompts } = completing
    const calls = await behindOne(completing, () => numbers(3).map((number) => client.stream(place(number)).response))
    const responses = await Promise.all(calls)
    expect(responses.map(({ attempts }) => attempts)).toEqual([2, 2, 2])
    expect(prompts().map((prompt) => (typeof prompt === 'string' ? 1 : prompt.length))).toEqual([1, 3, 1, 1, 1])
  })

  it('gives every caller what had arrived for it when the server dies', async () => {
    const dying = { kind: 'cut-stream', afterEvents: 30, requests: [1] } as const
    await using completing = await completingClient({ faults: [busy, dying] }, patient(3))
    const { client } = completing
    const calls = await behindOne(completing, () => numbers(3).map((number) => client.stream(place(number)).response))
    const failures = await Promise.all(calls.map((call) => failureOf(call)))
    for (const [index, { code, partial }] of failures.entries()) {
      expect(code).toBe('stream-interrupted')
      expect(partial?.text).toContain(`_${index + 1}_`)
      expect(partial?.usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) })
    }
    expect(new Set(failures.map(({ requestId }) => requestId)).size).toBe(3)
  })

  it('costs the replica one failure, however many were on the connection that broke', async () => {
    const dying = { kind: 'cut-stream', afterEvents: 5, requests: [1, 2, 3] } as const
    const options = { ...patient(8), circuit: { failureThreshold: 2 }, retry: { maxAttempts: 1 } }
    await using completing = await completingClient({ faults: [busy, dying] }, options)
    const { client } = completing
    const circuit = () => client.stats().deployments['default']?.replicas[0]?.circuit
    const calls = await behindOne(completing, () => numbers(8).map((number) => client.stream(place(number)).response))
    for (const failure of await Promise.all(calls.map((call) => failureOf(call))))
      expect(failure.code).toBe('stream-interrupted')
    expect(circuit()).toBe('closed')
    for (const number of numbers(2)) await failureOf(client.stream(place(number)).response)
    expect(circuit()).toBe('open')
  })

  it('lets each caller give up alone, waiting or answered; the socket closes with the last one', async () => {
    const stalling = { kind: 'stall', when: 'mid-stream', afterEvents: 4, requests: [1] } as const
    await using completing = await completingClient({ faults: [slow([0], 1_000), stalling] }, patient(2))
    const { client, server, prompts } = completing
    const controllers = numbers(3).map(() => new AbortController())
    const calls = await behindOne(completing, () => {
      const waiting = client.stream(place(1), { signal: controllers[0]?.signal }).response
      return [waiting]
    })
    controllers[0]?.abort()
    const failure = await failureOf(calls[0] as Promise<ModelResponse>)
    expect(failure.code).toBe('aborted')
    expect(server.requests).toHaveLength(1)

    const shared = [2, 3].map(
      (number) => client.stream(place(number), { signal: controllers[number - 1]?.signal }).response,
    )
    const outcomes = shared.map((call) => failureOf(call))
    await expect.poll(() => server.requests[1]?.eventsWritten).toBe(4)
    controllers[1]?.abort()
    expect(await outcomes[0]).toMatchObject({ code: 'aborted' })
    expect(server.requests[1]?.closedByClient).toBe(false)
    controllers[2]?.abort()
    expect(await outcomes[1]).toMatchObject({ code: 'aborted' })
    await expect.poll(() => server.requests[1]?.closedByClient).toBe(true)
    expect(prompts()[1]).toHaveLength(2)
  })

  it('counts a caller who left as gone: the next one finds the server idle', async () => {
    const stall = { kind: 'stall', when: 'before-first-token', requests: [0, 1] } as const
    await using completing = await completingClient({ faults: [stall] }, patient(100))
    const { client, server, prompts } = completing
    for (const kind of ['generate', 'stream'] as const) {
      const controller = new AbortController()
      const { signal } = controller
      const call =
        kind === 'generate' ? client.generate(place(1), { signal }) : client.stream(place(1), { signal }).response
      const before = server.requests.length
      const failed = failureOf(call)
      await expect.poll(() => server.requests.length).toBe(before + 1)
      controller.abort()
      await failed
    }
    await client.generate(place(2))
    expect(prompts().every((prompt) => typeof prompt === 'string')).toBe(true)
  })

  it('keeps each caller’s limits of time', async () => {
    const stall = { kind: 'stall', when: 'before-first-token', requests: [1] } as const
    const options = { ...patient(2), timeouts: { firstTokenMs: 100 }, retry: { maxAttempts: 1 } }
    await using completing = await completingClient({ faults: [slow([0], 1_000), stall] }, options)
    const { client } = completing
    const calls = await behindOne(completing, () => numbers(2).map((number) => client.stream(place(number)).response))
    const failures = await Promise.all(calls.map((call) => failureOf(call)))
    expect(failures.map(({ code }) => code)).toEqual(['timeout', 'timeout'])
  })

  it('ends with the client', async () => {
    const stall = { kind: 'stall', when: 'before-headers', requests: [0] } as const
    await using completing = await completingClient({ faults: [stall] }, patient(100))
    const { client } = completing
    const calls = await behindOne(completing, () => numbers(2).map((number) => client.stream(place(number)).response))
    const failures = calls.map((call) => failureOf(call))
    await client.close()
    expect((await Promise.all(failures)).map(({ code }) => code)).toEqual(['aborted', 'aborted'])
  })

  it('gives each caller the answer it would have got alone, however they are gathered', async () => {
    await using separate = await completingClient({}, { microBatch: false })
    const call = fc.record({
      number: fc.nat(12),
      maxOutputTokens: fc.constantFrom(4, 24),
      streams: fc.boolean(),
      pauseMs: fc.constantFrom(0, 0, 0, 1, 3),
    })
    const known = new Map<string, ReturnType<typeof asIs>>()
    const answerAlone = async (request: CodeCompletionRequest) => {
      const key = JSON.stringify(request)
      const answer = known.get(key) ?? asIs(await separate.client.generate(request))
      known.set(key, answer)
      return answer
    }
    const property = fc.asyncProperty(
      fc.array(call, { minLength: 1, maxLength: 24 }),
      fc.integer({ min: 1, max: 8 }),
      async (calls, maxSize) => {
        await using completing = await completingClient({}, { microBatch: { maxSize, maxWaitMs: 1 } })
        const running: Promise<void>[] = []
        for (const { number, maxOutputTokens, streams, pauseMs } of calls) {
          const request = place(number, { maxOutputTokens })
          const answer = streams ? completing.client.stream(request).response : completing.client.generate(request)
          running.push(answer.then(async (response) => expect(asIs(response)).toEqual(await answerAlone(request))))
          if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
        }
        await Promise.all(running)
        const sizes = completing.prompts().map((prompt) => (typeof prompt === 'string' ? 1 : prompt.length))
        expect(Math.max(...sizes)).toBeLessThanOrEqual(maxSize)
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(calls.length)
        const alone = sizes.filter((size) => size === 1).length
        expect(alone).toBeGreaterThanOrEqual(calls.filter(({ streams }) => !streams).length)
      },
    )
    await fc.assert(property, { numRuns: 25 })
  }, 60_000)

  it.each([
    [{ microBatch: { maxSise: 2 } }, /no option 'microBatch\.maxSise'/],
    [{ microBatch: { maxSize: 0 } }, /'microBatch\.maxSize' must be a whole number of at least 1; it is 0/],
    [{ microBatch: { maxWaitMs: -1 } }, /'microBatch\.maxWaitMs' must be a number from 0 to 1000; it is -1/],
    [{ microBatch: { maxWaitMs: Infinity } }, /'microBatch\.maxWaitMs' must be/],
    [{ microBatch: true }, /'microBatch' must be an object; it is true/],
  ])('refuses an option that cannot be: %j', async (options, message) => {
    await expect(completingClient({}, options as never)).rejects.toThrow(message)
  })
})
