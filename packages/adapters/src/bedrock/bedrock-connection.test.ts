import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AdapterConnection } from '../adapter.js'
import {
  type ByteServer,
  chunked,
  jsonAnswer,
  lastChunk,
  responseHead,
  startByteServer,
} from '../testing/byte-server.js'
import { connectBedrock, mistralModelId } from '../testing/connect-bedrock.js'
import { encodeConverseEvent } from '../testing/event-stream-message.js'
import { errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'

const usage = { inputTokens: 9, outputTokens: 2, totalTokens: 11 }
const whole = (content: readonly object[], more: object = {}) =>
  JSON.stringify({ output: { message: { role: 'assistant', content } }, stopReason: 'end_turn', usage, ...more })
const streamHead = responseHead(200, [
  ['content-type', 'application/vnd.amazon.eventstream'],
  ['transfer-encoding', 'chunked'],
])
const messages = [
  encodeConverseEvent('messageStart', { role: 'assistant' }),
  encodeConverseEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hello' } }),
  encodeConverseEvent('messageStop', { stopReason: 'end_turn' }),
]

let server: ByteServer
let connection: AdapterConnection
let answer: string | Buffer = ''

beforeEach(async () => {
  server = await startByteServer((socket) => socket.write(answer))
  connection = await connectBedrock(server.origin)
})
afterEach(async () => {
  vi.useRealTimers()
  await connection.close()
  await server.close()
})

const generate = () => connection.generate(helloRequest, openCall())

describe('a whole answer', () => {
  it('has its text, reasoning and tool calls', async () => {
    answer = jsonAnswer(
      200,
      whole(
        [
          { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'abc' } } },
          { text: 'Let me ' },
          { text: 'see.' },
          { toolUse: { toolUseId: 't1', name: 'look_up', input: { q: 'x' } } },
        ],
        { stopReason: 'tool_use' },
      ),
      [['x-amzn-requestid', 'aws-1']],
    )
    expect(await generate()).toEqual({
      id: 'aws-1',
      model: 'anthropic.claude-3-5-sonnet-20241022-v2:0',
      text: 'Let me see.',
      reasoning: 'Hm.',
      toolCalls: [{ id: 't1', name: 'look_up', arguments: '{"q":"x"}' }],
      finishReason: { unified: 'tool-calls', raw: 'tool_use' },
      usage,
    })
  })

  it('is not cut, however long it is', async () => {
    const text = 'x'.repeat(6 * 1024 * 1024)
    answer = jsonAnswer(200, whole([{ text }]))
    expect((await generate()).text).toHaveLength(text.length)
  })

  it('reports what a guardrail found', async () => {
    const guardrail = { inputAssessment: { g1: { wordPolicy: { customWords: [{ match: 'x', action: 'BLOCKED' }] } } } }
    answer = jsonAnswer(200, whole([{ text: 'No.' }], { stopReason: 'guardrail_intervened', trace: { guardrail } }))
    expect(await generate()).toMatchObject({
      finishReason: { unified: 'content-filter', raw: 'guardrail_intervened' },
      contentFilters: [{ target: 'prompt', filtered: true, raw: guardrail.inputAssessment }],
    })
  })

  it.each([
    ['no message', '{"output":{},"stopReason":"end_turn"}', 'an answer without a message'],
    ['no stop reason', '{"output":{"message":{"content":[]}}}', 'an answer without a stop reason'],
    ['a list', '[]', 'no JSON object'],
    ['null', 'null', 'no JSON object'],
    ['something else', '{"hello":1}', 'an answer without content'],
    ['half of it', '{"output":{"mess', 'no JSON object'],
  ])('is refused with %s', async (_name, body, words) => {
    answer = jsonAnswer(200, body)
    expect(await errorOf(generate())).toMatchObject({
      code: 'protocol',
      retryable: false,
      message: expect.stringContaining(words),
    })
  })

  it('that was cut off in the middle of its form says what to raise', async () => {
    answer = jsonAnswer(200, whole([{ text: '{"n":' }], { stopReason: 'max_tokens' }))
    const request = { ...helloRequest, kind: 'chat', messages: [], responseFormat: { type: 'json-object' } } as const
    const error = await errorOf(connection.generate(request, openCall()))
    expect(error).toMatchObject({ code: 'structured-output-invalid', partial: { text: '{"n":' } })
    expect(error.message).toContain('raise maxOutputTokens')
  })

  it('is refused as an event stream', async () => {
    answer = `${streamHead}${lastChunk}`
    expect((await errorOf(generate())).message).toContain('an empty body')
    answer = Buffer.concat([Buffer.from(streamHead), chunked(Buffer.concat(messages)), Buffer.from(lastChunk)])
    expect((await errorOf(generate())).message).toContain('an event stream')
  })

  it('is taken where a stream was asked for', async () => {
    answer = jsonAnswer(200, whole([{ text: 'Hello' }, { toolUse: { toolUseId: 't', name: 'f', input: {} } }]))
    const { events, error } = await runStream(connection)
    expect(error).toBeUndefined()
    expect(events.map(({ type }) => type)).toEqual([
      'response-start',
      'text-delta',
      'tool-call-start',
      'tool-call-delta',
      'tool-call-end',
      'response-end',
    ])
  })
})

describe('a whole answer of Mistral', () => {
  it('has its counts in headers', async () => {
    answer = jsonAnswer(200, '{"outputs":[{"text":" Hi","stop_reason":"length"}]}', [
      ['x-amzn-bedrock-input-token-count', '9'],
      ['x-amzn-bedrock-output-token-count', 'many'],
    ])
    const settings = { api: 'invoke-model' }
    const mistral = await connectBedrock(server.origin, { modelId: mistralModelId, settings })
    expect(await mistral.generate(helloRequest, openCall())).toMatchObject({
      text: ' Hi',
      finishReason: { unified: 'length', raw: 'length' },
      usage: { inputTokens: 9 },
    })
    expect(server.requests[0]?.head).toContain('POST /model/mistral.mistral-7b-instruct-v0%3A2/invoke HTTP')
    await mistral.close()
  })
})

describe('a stream', () => {
  it('whose counts never come is complete all the same after a while', async () => {
    answer = Buffer.concat([Buffer.from(streamHead), chunked(Buffer.concat(messages))])
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const reading = runStream(connection)
    await vi.waitUntil(() => vi.getTimerCount() > 0 && server.requests.length === 1)
    let isDone = false
    const done = reading.finally(() => {
      isDone = true
    })
    while (!isDone) {
      vi.advanceTimersByTime(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const { events, error } = await done
    expect(error).toBeUndefined()
    expect(events.at(-1)).toEqual({
      type: 'response-end',
      finishReason: { unified: 'stop', raw: 'end_turn' },
      usage: {},
    })
    await expect.poll(() => server.connections.open).toBe(0)
  })

  it('sends nothing before it is read, and only once', async () => {
    answer = Buffer.concat([Buffer.from(streamHead), chunked(Buffer.concat(messages)), Buffer.from(lastChunk)])
    const stream = connection.stream(helloRequest, openCall())
    await new Promise((resolve) => setImmediate(resolve))
    expect(server.requests).toHaveLength(0)
    for await (const _batch of stream);
    for await (const _batch of stream) throw new Error('The stream began again.')
    expect(server.requests).toHaveLength(1)
  })

  it('that is given up before it was read sends nothing', async () => {
    const iterator = connection.stream(helloRequest, openCall())[Symbol.asyncIterator]()
    const first = iterator.next()
    await iterator.return?.()
    expect(await first).toMatchObject({ done: true })
    await new Promise((resolve) => setImmediate(resolve))
    expect(server.requests).toHaveLength(0)
  })

  it('throws a refusal of the request when it is read, and not before', async () => {
    const stream = connection.stream({ kind: 'completion', prompt: 'x' }, openCall())
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'unsupported-parameter',
      parameter: 'prompt',
      deployment: 'chat',
      requestId: 'request-1',
    })
    expect(server.requests).toHaveLength(0)
  })

  it('throws for a schema that cannot be used, before anything is sent', async () => {
    const responseFormat = { type: 'json-schema', schema: { $ref: '#/nowhere' } } as const
    const request = { ...helloRequest, kind: 'chat', messages: [], responseFormat } as const
    expect((await runStream(connection, openCall(), request)).error).toMatchObject({
      code: 'invalid-request',
      deployment: 'chat',
    })
    expect(server.requests).toHaveLength(0)
  })
})
