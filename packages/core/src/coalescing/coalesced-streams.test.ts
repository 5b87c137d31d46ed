import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StreamEvent } from '@duo-models/adapters'
import { describe, expect, it } from 'vitest'
import { createDuoModelClient } from '../create-duo-model-client.js'
import type { EndEvent } from '../events/client-events.js'
import type { ModelRequest } from '../model-request.js'
import type { ModelStream } from '../model-stream.js'
import { emulatedClient, failureOf, question } from '../testing/emulated-client.js'
import { startFloodServer } from '../testing/flood-server.js'

const same: ModelRequest = { ...question(1), temperature: 0 }
const slow = { kind: 'slow-first-token', delayMs: 200 } as const
/** Long enough for whoever joins in the middle of the answer. */
const pause = { kind: 'stall', when: 'mid-stream', afterEvents: 3, durationMs: 500 } as const
const stall = { kind: 'stall', when: 'mid-stream', afterEvents: 3 } as const

async function read(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const events: StreamEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

/** Reads up to the first piece of text, and stays in the stream. */
async function begin(stream: ModelStream): Promise<AsyncIterator<StreamEvent, undefined>> {
  const iterator = stream[Symbol.asyncIterator]()
  while ((await iterator.next()).value?.type !== 'text-delta');
  return iterator
}

async function readOn(iterator: AsyncIterator<StreamEvent, undefined>): Promise<void> {
  while ((await iterator.next()).done !== true);
}

describe('coalesced streams', () => {
  it('come from one request: every caller gets every event, whenever it joined', async () => {
    await using emulated = await emulatedClient([{ faults: [pause] }], { coalesce: true })
    const { client, servers } = emulated
    const early = client.stream(same)
    const iterator = await begin(early)
    const joined = client.stream({ ...same })
    const [events, text] = await Promise.all([read(joined), client.stream(same).text()])
    await readOn(iterator)
    expect(servers[0]?.requests).toHaveLength(1)
    const [first, second] = await Promise.all([early.response, joined.response])
    expect(events[0]?.type).toBe('response-start')
    expect(first.text).toBe(text)
    expect({ ...second, timing: undefined }).toEqual({ ...first, timing: undefined })
    expect(second.timing).not.toEqual(first.timing)
    expect(events.at(-1)).toMatchObject({ type: 'response-end', usage: first.usage, timing: second.timing })
    expect(second.timing.timeToFirstTokenMs).toBeLessThan(second.timing.endToEndLatencyMs)
    expect(client.stats()).toMatchObject({ runningCalls: 0 })

    await client.stream(same).text()
    expect(servers[0]?.requests).toHaveLength(2)
  })

  it('are off by default, can be asked for by a call, and leave alone what is left to chance', async () => {
    await using emulated = await emulatedClient([{ faults: [slow] }])
    const { client, servers } = emulated
    const both = (request: ModelRequest, coalesce?: boolean) =>
      Promise.all([0, 1].map(() => client.stream(request, { coalesce }).text()))
    await both(same)
    expect(servers[0]?.requests).toHaveLength(2)
    await both(same, true)
    expect(servers[0]?.requests).toHaveLength(3)
    await both(question(1), true)
    expect(servers[0]?.requests).toHaveLength(5)
    await Promise.all([client.stream(same, { coalesce: true }).text(), client.generate(same, { coalesce: true })])
    expect(servers[0]?.requests).toHaveLength(7)
  })

  it('let anybody leave, the first caller included; the socket closes with the last one', async () => {
    const faults = [
      { ...pause, requests: [0] },
      { ...stall, requests: [1] },
    ]
    await using emulated = await emulatedClient([{ faults }], { coalesce: true })
    const { client, servers } = emulated
    const controller = new AbortController()
    const first = client.stream(same)
    const iterator = await begin(first)
    const aborted = client.stream(same, { signal: controller.signal })
    await begin(aborted)
    const staying = client.stream(same).text()
    await iterator.return?.()
    controller.abort('enough')
    expect(await failureOf(first.response)).toMatchObject({
      code: 'aborted',
      partial: { text: expect.stringMatching(/./) },
    })
    expect(await failureOf(aborted.response)).toMatchObject({ code: 'aborted', cause: 'enough', deployment: 'default' })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    expect(await staying).not.toBe('')
    expect(servers[0]?.requests.map(({ closedByClient }) => closedByClient)).toEqual([false])

    const last = [client.stream(same), client.stream(same)]
    await Promise.all(last.map(begin))
    last[0]?.cancel()
    expect(servers[0]?.requests[1]?.closedByClient).toBe(false)
    last[1]?.cancel()
    await expect.poll(() => servers[0]?.requests[1]?.closedByClient).toBe(true)
    expect(client.stats()).toMatchObject({ runningCalls: 0 })
    const gone = AbortSignal.abort()
    expect((await failureOf(client.stream(same, { signal: gone }).text())).code).toBe('aborted')
    expect(servers[0]?.requests).toHaveLength(2)
  })

  it('can be left before anything has come; whoever asks next begins anew', async () => {
    const silent = { kind: 'stall', when: 'before-headers', requests: [0] } as const
    await using emulated = await emulatedClient([{ faults: [silent] }], { coalesce: true })
    const { client, servers } = emulated
    const controllers = [new AbortController(), new AbortController()]
    const leaving = controllers.map(({ signal }) => failureOf(client.stream(same, { signal }).text()))
    await expect.poll(() => servers[0]?.requests.length).toBe(1)
    for (const controller of controllers) controller.abort()
    expect(await client.stream(same).text()).not.toBe('')
    expect((await Promise.all(leaving)).map(({ code }) => code)).toEqual(['aborted', 'aborted'])
    await expect.poll(() => servers[0]?.requests[0]?.closedByClient).toBe(true)
    expect(servers[0]?.requests).toHaveLength(2)
    for (const { signal } of controllers) expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    await expect.poll(() => client.stats().deployments['default']?.replicas[0]?.inFlight).toBe(0)
  })

  it('retry once for all while no content has come, and keep to the request as it was', async () => {
    const refuse = { kind: 'status', status: 503, times: 1 } as const
    await using emulated = await emulatedClient([{ faults: [refuse] }], { coalesce: true })
    const { client, servers } = emulated
    const messages = [{ role: 'user' as const, content: 'Question?' }]
    const texts = [0, 1, 2].map(() => client.stream({ feature: 'duo-chat', messages, temperature: 0 }))
    const responses = Promise.all(texts.map(({ response }) => response))
    messages.push({ role: 'user', content: 'And what else?' })
    expect((await responses).map(({ attempts }) => attempts)).toEqual([2, 2, 2])
    const bodies = servers[0]?.requests.map(({ json }) => (json as { messages: unknown[] }).messages.length)
    expect(bodies).toEqual([1, 1])
  })

  it('give every caller the failure, with what it had got', async () => {
    const cut = { kind: 'cut-stream', afterEvents: 4 } as const
    const ends: EndEvent[] = []
    const hooks = { onEnd: (event: EndEvent) => void ends.push(event) }
    await using emulated = await emulatedClient([{ faults: [cut] }], { coalesce: true, hooks })
    const failures = await Promise.all([0, 1, 2].map(() => failureOf(emulated.client.stream(same).text())))
    expect(emulated.servers[0]?.requests).toHaveLength(1)
    expect(new Set(failures).size).toBe(3)
    for (const failure of failures) expect(failure.partial?.text).toMatch(/./)
    expect(failures.map(({ code }) => code)).toEqual(Array(3).fill('stream-interrupted'))
    expect(failures.map(({ requestId }) => requestId)).toEqual(Array(3).fill(failures[0]?.requestId))
    expect(ends.map(({ error }) => error?.partial?.textLength)).toEqual([failures[0]?.partial?.text.length])
    const wrong = { ...same, temprature: 0 } as unknown as ModelRequest
    expect((await failureOf(emulated.client.stream(wrong).text())).code).toBe('invalid-request')
  })

  it('are one call to hooks and one attempt to the statistics', async () => {
    const told: string[] = []
    const hooks = {
      onRequest: () => void told.push('request'),
      onAttempt: () => void told.push('attempt'),
      onFirstToken: () => void told.push('first'),
      onEnd: ({ ok, usage }: { ok: boolean; usage?: { outputTokens?: number } }) =>
        void told.push(`${ok} ${usage?.outputTokens !== undefined}`),
    }
    const faults = [
      { ...pause, requests: [0] },
      { ...stall, requests: [1] },
    ]
    await using emulated = await emulatedClient([{ faults }], { coalesce: true, hooks })
    const { client } = emulated
    const iterators = await Promise.all([0, 1, 2].map(() => begin(client.stream(same))))
    expect(client.stats().runningCalls).toBe(3)
    await Promise.all(iterators.map(readOn))
    expect(told).toEqual(['request', 'attempt', 'first', 'true true'])
    const replica = client.stats().deployments['default']?.replicas[0]
    expect(replica).toMatchObject({ attempts: 1, answers: 1, failures: 0, inFlight: 0 })

    const leaving = [client.stream(same), client.stream(same)]
    await Promise.all(leaving.map(begin))
    for (const stream of leaving) stream.cancel()
    await Promise.resolve()
    expect(told.slice(4)).toEqual(['request', 'attempt', 'first', 'false true'])
  })

  it('end for each caller at its own total limit', async () => {
    const timeouts = { totalMs: 1_000 }
    await using emulated = await emulatedClient([{ faults: [stall] }], { coalesce: true, timeouts })
    const { client, servers } = emulated
    const first = failureOf(client.stream(same).text())
    await sleep(600)
    const second = failureOf(client.stream(same).text())
    expect((await first).code).toBe('timeout')
    await sleep(100)
    expect(client.stats().runningCalls).toBe(1)
    expect(servers[0]?.requests.map(({ closedByClient }) => closedByClient)).toEqual([false])
    expect((await second).code).toBe('timeout')
    await expect.poll(() => servers[0]?.requests[0]?.closedByClient).toBe(true)
    expect(client.stats().runningCalls).toBe(0)
  })

  it('end with the client, also for a caller who has not read all that came', async () => {
    await using emulated = await emulatedClient([{ faults: [pause] }], { coalesce: true })
    const { client } = emulated
    const behind = client.stream(same)
    const iterator = await begin(behind)
    await client.stream(same).text()
    expect(emulated.servers[0]?.requests).toHaveLength(1)
    await client.close()
    await expect(readOn(iterator)).rejects.toMatchObject({ code: 'aborted' })
  })

  it('are waited for when the client is closed', async () => {
    await using emulated = await emulatedClient([{ faults: [pause] }], { coalesce: true })
    const texts = [0, 1].map(() => emulated.client.stream(same).text())
    await expect.poll(() => emulated.servers[0]?.requests.length).toBe(1)
    await emulated.client.close({ drainMs: 10_000 })
    expect(new Set(await Promise.all(texts)).size).toBe(1)
  })

  it('serve a batch that streams', async () => {
    await using emulated = await emulatedClient([{ faults: [slow] }], { coalesce: true })
    const results: string[] = []
    for await (const result of emulated.client.batch([same, same, same], { stream: true }))
      if (result.ok) results.push(result.response.text)
    expect(results).toHaveLength(3)
    expect(emulated.servers[0]?.requests).toHaveLength(1)
  })

  it('wait for a caller who stopped reading, once it is too far behind', async () => {
    const piece = 'a'.repeat(4_096)
    const total = 32 * 1024 * 1024
    const server = await startFloodServer(total / piece.length, piece)
    try {
      await using client = createDuoModelClient(
        { platform: 'vllm', model: 'mistral-small-24b-instruct-2506', endpoint: server.baseUrl },
        { coalesce: true },
      )
      const stopped = client.stream(same)
      await begin(stopped)
      let characters = 0
      const reading = (async () => {
        for await (const event of client.stream(same)) if (event.type === 'text-delta') characters += event.text.length
      })()
      const standing = async () => {
        const before = characters
        await sleep(100)
        return characters > 1_000_000 && characters === before
      }
      await expect.poll(standing, { timeout: 20_000 }).toBe(true)
      expect(characters).toBeLessThan(6 * 1024 * 1024)
      stopped.cancel()
      await reading
      expect(characters).toBe(total)
    } finally {
      await server.close()
    }
  }, 60_000)
})
