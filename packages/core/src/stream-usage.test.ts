import { DuoModelError, type Usage } from '@duo-models/adapters'
import { type Fault, startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import type { TimeoutOptions } from './client-options.js'
import { createDuoModelClient } from './create-duo-model-client.js'
import type { DuoModelClient } from './duo-model-client.js'
import type { ModelStream } from './model-stream.js'

const messages = [{ role: 'user' as const, content: 'How do I squash commits?' }]
const servedModelName = 'mistral-small'

/** Three pieces of text from a server that counts nothing, and silence. */
const withoutUsage: Fault = {
  kind: 'raw',
  response: {
    status: 200,
    headers: [['content-type', 'text/event-stream']],
    chunks: [{ role: 'assistant', content: '' }, { content: 'a' }, { content: 'b' }, { content: 'c' }].map((delta) => ({
      utf8: `data: ${JSON.stringify({ id: 'x', model: 'm', choices: [{ index: 0, delta }] })}\n\n`,
    })),
    end: 'hang',
  },
}
const withUsage: Fault = { kind: 'stall', when: 'mid-stream', afterEvents: 4 }

interface Ending {
  readonly code: string
  readonly timeouts?: TimeoutOptions
  /** Done once everything has come. */
  readonly act?: (parts: { client: DuoModelClient; stream: ModelStream; controller: AbortController }) => unknown
  readonly leaves?: boolean
}

const endings: Readonly<Record<string, Ending>> = {
  abort: { code: 'aborted', act: ({ controller }) => controller.abort() },
  cancel: { code: 'aborted', act: ({ stream }) => stream.cancel() },
  break: { code: 'aborted', leaves: true },
  'client.close()': { code: 'aborted', act: ({ client }) => client.close() },
  'total time-out': { code: 'timeout', timeouts: { totalMs: 400 } },
  'inter-token time-out': { code: 'timeout', timeouts: { interTokenMs: 150 } },
}

/** Reads until three pieces of text have come, ends the answer in one way, and gives back what `response` says to it. */
async function endEarly(version: string, fault: Fault, ending: Ending) {
  await using server = await startEmulator({ platform: 'vllm', servedModelName, version, speed: 0, faults: [fault] })
  const config = { platform: 'vllm', model: 'mistral-small-24b-instruct-2506', servedModelName } as const
  await using client = createDuoModelClient(
    { ...config, endpoint: server.baseUrl },
    { retry: { maxAttempts: 1 }, timeouts: ending.timeouts },
  )
  const controller = new AbortController()
  const stream = client.stream({ feature: 'duo-chat', messages }, { signal: controller.signal })
  let lastUsage: Usage | undefined
  let text = ''
  let pieces = 0
  const read = async () => {
    for await (const event of stream) {
      if (event.type === 'usage') lastUsage = event.usage
      if (event.type !== 'text-delta') continue
      text += event.text
      if (++pieces < 3) continue
      if (ending.leaves) break
      // What the same read brought besides the text is still to be read.
      setTimeout(() => ending.act?.({ client, stream, controller }), 20)
    }
  }
  const thrown = await errorOf(read())
  const failure = await errorOf(stream.response)
  if (!ending.leaves) expect(failure).toBe(thrown)
  return { failure, lastUsage, text }
}

async function errorOf(promise: Promise<unknown>): Promise<DuoModelError | undefined> {
  try {
    await promise
    return undefined
  } catch (error) {
    if (DuoModelError.is(error)) return error
    throw error
  }
}

describe.each(['0.6.4.post1', '0.11.0'])('the usage of an answer of vLLM %s that ended early', (version) => {
  it.each(Object.entries(endings))('is what the server had counted (%s)', async (_name, ending) => {
    const { failure, lastUsage, text } = await endEarly(version, withUsage, ending)
    expect(failure).toMatchObject({ code: ending.code, partial: { text } })
    const usage = failure?.partial?.usage
    expect(usage?.inputTokens).toBeGreaterThan(0)
    expect(usage?.outputTokens).toBeGreaterThanOrEqual(3)
    expect(usage).not.toHaveProperty('estimated')
    if (!ending.leaves) expect(usage).toEqual(lastUsage)
  })

  it.each(Object.entries(endings))('is estimated where the server counts nothing (%s)', async (_name, ending) => {
    const { failure } = await endEarly(version, withoutUsage, ending)
    expect(failure).toMatchObject({ code: ending.code })
    expect(failure?.partial).toEqual({
      text: 'abc',
      reasoning: '',
      toolCalls: [],
      usage: { outputTokens: 3, estimated: true },
    })
  })

  it('is told by `response` at once, though the reader is busy and does not read on', async () => {
    await using server = await startEmulator({ platform: 'vllm', version, speed: 0, faults: [withoutUsage] })
    await using client = createDuoModelClient({
      platform: 'vllm',
      model: 'mistral-small-24b-instruct-2506',
      servedModelName,
      endpoint: server.baseUrl,
    })
    const controller = new AbortController()
    const stream = client.stream({ feature: 'duo-chat', messages }, { signal: controller.signal })
    const iterator = stream[Symbol.asyncIterator]()
    while ((await iterator.next()).value?.type !== 'text-delta');
    controller.abort()
    const failure = await errorOf(stream.response)
    expect(failure).toMatchObject({ code: 'aborted', partial: { usage: { estimated: true } } })
    expect(await errorOf(iterator.next())).toBe(failure)
  })

  it('is the prompt where no first token came in time', async () => {
    const head = { id: 'x', model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }
    const usage = { prompt_tokens: 7, completion_tokens: 0, total_tokens: 7 }
    const response = {
      status: 200,
      headers: [['content-type', 'text/event-stream']] as const,
      chunks: [{ utf8: `data: ${JSON.stringify({ ...head, usage })}\n\n` }],
      end: 'hang' as const,
    }
    await using server = await startEmulator({ platform: 'vllm', version, faults: [{ kind: 'raw', response }] })
    await using client = createDuoModelClient(
      { platform: 'vllm', model: 'mistral-small-24b-instruct-2506', servedModelName, endpoint: server.baseUrl },
      { retry: { maxAttempts: 1 }, timeouts: { firstTokenMs: 150 } },
    )
    const failure = await errorOf(client.stream({ feature: 'duo-chat', messages }).text())
    expect(failure).toMatchObject({ code: 'timeout', which: 'first-token' })
    expect(failure?.partial?.usage).toEqual({ inputTokens: 7, outputTokens: 0, totalTokens: 7 })
  })
})
