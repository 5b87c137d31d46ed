import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AdapterConnection } from '../adapter.js'
import {
  type ByteServer,
  chunked,
  eventStream,
  jsonAnswer,
  responseHead,
  startByteServer,
} from '../testing/byte-server.js'
import { connectTo, runStream, type StreamOutcome } from '../testing/run-stream.js'

type Ending = 'keep' | 'reset' | 'end'

let server: ByteServer
let connection: AdapterConnection
let bytes: string | Buffer = ''
let after: Ending = 'keep'

beforeAll(async () => {
  server = await startByteServer((socket) => {
    socket.write(bytes, () => {
      if (after === 'reset') setTimeout(() => socket.resetAndDestroy(), 10)
      if (after === 'end') socket.end()
    })
  })
  connection = await connectTo(server.origin)
})
afterAll(async () => {
  await server.close()
})

const streamHead = responseHead(200, [
  ['content-type', 'text/event-stream'],
  ['transfer-encoding', 'chunked'],
])

function run(body: string): Promise<StreamOutcome> {
  bytes = eventStream(body)
  after = 'keep'
  return runStream(connection)
}

function runOpen(body: string, ending: Ending): Promise<StreamOutcome> {
  bytes = Buffer.concat([Buffer.from(streamHead), chunked(body)])
  after = ending
  return runStream(connection)
}

const chunk = (choice: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c1', model: 'm', choices: [{ index: 0, ...choice }], ...more })}\n\n`
const text = (content: string, more: object = {}): string => chunk({ delta: { content } }, more)
const finish = chunk({ delta: {}, finish_reason: 'stop' })
const done = 'data: [DONE]\n\n'

describe('a complete stream', () => {
  it('needs no [DONE] after a finish reason', async () => {
    expect(await run(text('a') + finish)).toMatchObject({ text: 'a', error: undefined })
  })

  it('is over at [DONE], whether the socket lingers or is reset', async () => {
    expect(await runOpen(text('a') + finish + done, 'keep')).toMatchObject({ text: 'a', error: undefined })
    expect(await runOpen(text('a') + finish + done, 'reset')).toMatchObject({ text: 'a', error: undefined })
    await expect.poll(() => server.connections.open).toBe(0)
  })

  it('is over when the connection breaks after the finish reason', async () => {
    const outcome = await runOpen(text('a') + finish, 'reset')
    expect(outcome).toMatchObject({ text: 'a', error: undefined })
    expect(outcome.events.at(-1)?.type).toBe('response-end')
  })

  it('honours a [DONE] whose line end is missing', async () => {
    expect(await run(`${text('a')}${finish}data: [DONE]`)).toMatchObject({ text: 'a', error: undefined })
  })

  it('has one start, first, and one end, last', async () => {
    const { events } = await run(`data: {"choices":[],"id":""}\n\n${text('a')}${text('b')}${finish}${done}`)
    expect(events.map((event) => event.type)).toEqual(['response-start', 'text-delta', 'text-delta', 'response-end'])
    expect(events[0]).toEqual({ type: 'response-start', id: 'c1', model: 'm' })
  })

  it.each(['reasoning', 'reasoning_content'])('takes what the model thinks from %s', async (name) => {
    const { events } = await run(chunk({ delta: { [name]: 'hm' } }) + text('a') + finish + done)
    expect(events).toContainEqual({ type: 'reasoning-delta', text: 'hm' })
  })

  it('reads completions, choices without delta, and null content', async () => {
    const body =
      chunk({ text: 'a', finish_reason: null }) +
      chunk({}) +
      chunk({ delta: { content: null } }) +
      chunk({ text: 'b', finish_reason: 'length' })
    const outcome = await run(body + done)
    expect(outcome.text).toBe('ab')
    expect(outcome.events.at(-1)).toMatchObject({ finishReason: { unified: 'length', raw: 'length' } })
  })

  it('takes the last usage, from any chunk, and drops counts that are none', async () => {
    const hostile = {
      prompt_tokens: -5,
      completion_tokens: '12',
      total_tokens: 1.5,
      prompt_tokens_details: { cached_tokens: 3 },
    }
    const body = text('a', { usage: { prompt_tokens: 9, completion_tokens: 1 } }) + finish
    const last = (
      await run(`${body}data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}\n\n${done}`)
    ).events.at(-1)
    expect(last).toMatchObject({ usage: { inputTokens: 9, outputTokens: 2, totalTokens: 11 } })
    expect((await run(text('a', { usage: hostile }) + finish + done)).events.at(-1)).toMatchObject({
      usage: { cacheReadTokens: 3 },
    })
  })

  it('accepts a whole JSON answer', async () => {
    bytes = jsonAnswer(200, '{"id":"1","choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}')
    const { text: whole, events } = await runStream(connection)
    expect([whole, events.at(-1)?.type]).toEqual(['Hello', 'response-end'])
  })

  it('is not polluted by __proto__', async () => {
    const hostile = `data: {"__proto__":{"polluted":1},"choices":[{"delta":{"__proto__":{"polluted":1},"content":"a"}}]}\n\n`
    expect((await run(hostile + finish + done)).text).toBe('a')
    expect('polluted' in {}).toBe(false)
  })
})

describe('a stream that fails', () => {
  it.each([
    ['no finish reason', text('a'), 'stream-interrupted'],
    ['[DONE] without a finish reason', text('a') + done, 'stream-interrupted'],
    ['a finish reason of abort', text('a') + chunk({ delta: {}, finish_reason: 'abort' }) + done, 'stream-interrupted'],
    ['an event that is not JSON', `${text('a')}data: {"choices"\n\n${text('b')}${finish}${done}`, 'protocol'],
    ['an event that is no object', `${text('a')}data: 5\n\n${finish}${done}`, 'protocol'],
    ['an error object', `${text('a')}data: {"error":{"message":"boom","code":500}}\n\n${done}`, 'server'],
    [
      'a flat error',
      `${text('a')}data: {"object":"error","message":"boom","type":"BadRequestError","code":400}\n\n${done}`,
      'invalid-request',
    ],
    ['an error string', `${text('a')}data: {"error":"The server is overloaded"}\n\n${done}`, 'overloaded'],
    ['an error event', `${text('a')}event: error\ndata: boom\n\n`, 'server'],
    ['a detail', `${text('a')}data: {"detail":"Internal"}\n\n`, 'server'],
    [
      'a context-length error',
      `${text('a')}data: {"error":{"message":"This model's maximum context length is 10 tokens.","code":400}}\n\n`,
      'context-length',
    ],
  ])('%s', async (_name, body, code) => {
    const { text: read, error } = await run(body)
    expect(read).toBe('a')
    expect(error).toMatchObject({ code, phase: 'stream', retryable: false, partial: { text: 'a' } })
  })

  it('is worth another attempt before any content', async () => {
    const { error } = await run('data: {"error":{"message":"boom","code":500}}\n\n')
    expect(error).toMatchObject({ code: 'server', phase: 'first-token', retryable: true })
  })

  it.each(['reset', 'end'] as const)('keeps the text when the connection breaks (%s), and says so', async (ending) => {
    const { error } = await runOpen(text('a'), ending)
    expect(error).toMatchObject({
      code: 'stream-interrupted',
      phase: 'stream',
      retryable: false,
      partial: { text: 'a' },
    })
  })

  it('holds the tool call that was cut off, for the error alone', async () => {
    const call = { index: 0, id: 't1', function: { name: 'f', arguments: '{"a":' } }
    const { events, error } = await run(chunk({ delta: { tool_calls: [call] } }))
    expect(events.some((event) => event.type === 'tool-call-end')).toBe(false)
    expect(error?.partial?.toolCalls).toEqual([{ id: 't1', name: 'f', arguments: '{"a":' }])
  })
})
