import { Readable } from 'node:stream'
import { BedrockRuntimeClient, ConverseStreamCommand, type ConverseStreamOutput } from '@aws-sdk/client-bedrock-runtime'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AdapterEvent } from '../stream-event.js'
import { encodeConverseEvent, encodeEventStreamMessage } from '../testing/event-stream-message.js'
import { AnswerCollector } from './answer-collector.js'
import type { AnswerForm } from './answer-form.js'
import { BedrockStreamReader } from './bedrock-stream-reader.js'

// The official client warns about Node 20 once; that is no news here.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

interface Outcome {
  readonly events: readonly AdapterEvent[]
  readonly error: string | undefined
}

/** Reads bytes, cut at the given places, as the adapter does. */
function read(bytes: Buffer, places: readonly number[] = [], form: AnswerForm = { means: 'none' }): Outcome {
  const answer = new AnswerCollector({ modelId: 'model-1', form })
  const failures = {
    reported: ({ name, message }: { name: string; message: string }) => new Error(`reported: ${name}: ${message}`),
    protocol: (what: string) => new Error(`protocol: ${what}`),
    interrupted: (what: string) => new Error(`interrupted: ${what}`),
  }
  const reader = new BedrockStreamReader({ answer, failures, id: 'request-1', onProgress: () => undefined })
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  try {
    ends.forEach((end, index) => {
      reader.add(bytes.subarray(ends[index - 1] ?? 0, end))
    })
    reader.end()
    return { events: answer.takeEvents(), error: undefined }
  } catch (error) {
    return { events: answer.takeEvents(), error: (error as Error).message }
  }
}

/** Reads the same bytes with the official client. */
async function readWithSdk(bytes: Buffer): Promise<ConverseStreamOutput[]> {
  const headers = { 'content-type': 'application/vnd.amazon.eventstream' }
  const response = { statusCode: 200, headers, body: Readable.from([bytes]) }
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: { handle: async () => ({ response }) },
  })
  const { stream = [] } = await client.send(new ConverseStreamCommand({ modelId: 'model-1', messages: [] }))
  const seen: ConverseStreamOutput[] = []
  for await (const event of stream) seen.push(event)
  return seen
}

/** What the official client saw, in the words of ours. */
function eventsOf(outputs: readonly ConverseStreamOutput[]): AdapterEvent[] {
  const calls = new Map<number, { index: number; id: string; name: string; arguments: string }>()
  const events: AdapterEvent[] = [{ type: 'response-start', id: 'request-1', model: 'model-1' }]
  let stopReason = ''
  let counts = { inputTokens: 0, outputTokens: 0 }
  for (const { contentBlockStart, contentBlockDelta, contentBlockStop, messageStop, metadata } of outputs) {
    if (contentBlockStart?.start?.toolUse) {
      const { toolUseId: id = '', name = '' } = contentBlockStart.start.toolUse
      const call = { index: calls.size, id, name, arguments: '' }
      calls.set(contentBlockStart.contentBlockIndex ?? -1, call)
      events.push({ type: 'tool-call-start', index: call.index, id, name })
    }
    const { text, toolUse, reasoningContent } = contentBlockDelta?.delta ?? {}
    if (text) events.push({ type: 'text-delta', text })
    if (reasoningContent?.text) events.push({ type: 'reasoning-delta', text: reasoningContent.text })
    const call = calls.get(contentBlockDelta?.contentBlockIndex ?? contentBlockStop?.contentBlockIndex ?? -1)
    if (call && toolUse?.input) {
      call.arguments += toolUse.input
      events.push({ type: 'tool-call-delta', index: call.index, argumentsText: toolUse.input })
    }
    if (call && contentBlockStop) events.push({ type: 'tool-call-end', ...call })
    if (messageStop) stopReason = messageStop.stopReason ?? ''
    if (metadata?.usage)
      counts = { inputTokens: metadata.usage.inputTokens ?? 0, outputTokens: metadata.usage.outputTokens ?? 0 }
  }
  const unified = (
    { end_turn: 'stop', tool_use: calls.size > 0 ? 'tool-calls' : 'stop', max_tokens: 'length' } as const
  )[stopReason]
  const usage = { ...counts, totalTokens: counts.inputTokens + counts.outputTokens }
  return [...events, { type: 'response-end', finishReason: { unified: unified ?? 'other', raw: stopReason }, usage }]
}

const text = fc.string({ unit: 'grapheme', maxLength: 30 })
const pad = fc.string({ unit: fc.constantFrom(...'abcXYZ019'), maxLength: 30 })

/** The events of one content block; blocks of text have no start, as on Bedrock. */
function blockEvents(index: number, block: { kind: string; pieces: readonly string[] }): [string, object][] {
  const member = (piece: string): object =>
    block.kind === 'text'
      ? { text: piece }
      : block.kind === 'tool'
        ? { toolUse: { input: piece } }
        : { reasoningContent: { text: piece } }
  const start: [string, object] = [
    'contentBlockStart',
    { contentBlockIndex: index, start: { toolUse: { toolUseId: `tool-${index}`, name: 'look_up' } } },
  ]
  return [
    ...(block.kind === 'tool' ? [start] : []),
    ...block.pieces.map((piece): [string, object] => [
      'contentBlockDelta',
      { contentBlockIndex: index, delta: member(piece) },
    ]),
    ['contentBlockStop', { contentBlockIndex: index }],
  ]
}

const answers = fc
  .record({
    blocks: fc.array(
      fc.record({ kind: fc.constantFrom('text', 'tool', 'reasoning'), pieces: fc.array(text, { maxLength: 5 }) }),
      { maxLength: 4 },
    ),
    stopReason: fc.constantFrom('end_turn', 'max_tokens', 'tool_use', 'something_new'),
    inputTokens: fc.nat(100_000),
    outputTokens: fc.nat(10_000),
    p: pad,
  })
  .map(({ blocks, stopReason, inputTokens, outputTokens, p }) => {
    const events: [string, object][] = [
      ['messageStart', { role: 'assistant' }],
      ...blocks.flatMap((block, index) => blockEvents(index, block)),
      ['messageStop', { stopReason }],
      ['metadata', { metrics: { latencyMs: 5 }, usage: { inputTokens, outputTokens, totalTokens: 1 } }],
    ]
    return Buffer.concat(events.map(([type, event]) => encodeConverseEvent(type, { ...event, p })))
  })

const start = encodeConverseEvent('messageStart', { role: 'assistant' })
const stop = encodeConverseEvent('messageStop', { stopReason: 'end_turn' })
const metadata = encodeConverseEvent('metadata', { usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } })
const delta = (delta: object, contentBlockIndex = 0) =>
  encodeConverseEvent('contentBlockDelta', { contentBlockIndex, delta })
const chunk = (value: object) =>
  encodeConverseEvent('chunk', { bytes: Buffer.from(JSON.stringify(value)).toString('base64') })

describe('BedrockStreamReader', () => {
  it('sees what the official client sees', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (bytes) => {
        expect(read(bytes)).toEqual({ events: eventsOf(await readWithSdk(bytes)), error: undefined })
      }),
    )
  })

  it('sees the same however the bytes are cut', () => {
    fc.assert(
      fc.property(answers, fc.array(fc.nat(), { maxLength: 10 }), (bytes, places) => {
        expect(read(bytes, places)).toEqual(read(bytes))
      }),
    )
  })

  it('completes only an answer that has a stop reason', () => {
    fc.assert(
      fc.property(answers, fc.nat(), (bytes, place) => {
        const cut = bytes.subarray(0, place % bytes.length)
        const stopAt = bytes.indexOf('stopReason')
        const { events, error } = read(cut)
        const isComplete = events.some(({ type }) => type === 'response-end')
        expect(isComplete).toBe(error === undefined)
        if (cut.length < stopAt) expect(error).toMatch(/^interrupted: ended its stream/)
      }),
    )
  })

  it('takes counts that come before the stop reason', () => {
    const { events } = read(Buffer.concat([start, delta({ text: 'Hi' }), metadata, stop]))
    expect(events.at(-1)).toMatchObject({ type: 'response-end', usage: { inputTokens: 3, outputTokens: 2 } })
  })

  it('begins an answer that has no messageStart', () => {
    const { events } = read(Buffer.concat([delta({ text: 'Hi' }), stop, metadata]))
    expect(events.map(({ type }) => type)).toEqual(['response-start', 'text-delta', 'response-end'])
  })

  it('makes a tool call of input whose start and stop were left out', () => {
    const { events } = read(Buffer.concat([start, delta({ toolUse: { input: '{}' } }, 3), stop, metadata]))
    expect(events.filter(({ type }) => type.startsWith('tool'))).toEqual([
      { type: 'tool-call-start', index: 0, id: 'call_0', name: '' },
      { type: 'tool-call-delta', index: 0, argumentsText: '{}' },
      { type: 'tool-call-end', index: 0, id: 'call_0', name: '', arguments: '{}' },
    ])
  })

  it('keeps tool calls apart by their blocks, in whatever order the pieces come', () => {
    const toolStart = (block: number, name: string) =>
      encodeConverseEvent('contentBlockStart', {
        contentBlockIndex: block,
        start: { toolUse: { toolUseId: `id-${block}`, name } },
      })
    const pieces = [toolStart(1, 'a'), toolStart(2, 'b'), delta({ toolUse: { input: '{"n":' } }, 2)]
    const more = [delta({ toolUse: { input: '{}' } }, 1), delta({ toolUse: { input: '2}' } }, 2)]
    const { events } = read(Buffer.concat([start, ...pieces, ...more, stop, metadata]))
    expect(events.filter(({ type }) => type === 'tool-call-end')).toEqual([
      { type: 'tool-call-end', index: 0, id: 'id-1', name: 'a', arguments: '{}' },
      { type: 'tool-call-end', index: 1, id: 'id-2', name: 'b', arguments: '{"n":2}' },
    ])
  })

  it('gives reasoning apart from text, and leaves signatures out', () => {
    const { events } = read(
      Buffer.concat([
        start,
        delta({ reasoningContent: { text: 'Hm.' } }),
        delta({ reasoningContent: { signature: 'abc' } }),
        delta({ text: 'Hi' }, 1),
        stop,
        metadata,
      ]),
    )
    expect(events.slice(1, -1)).toEqual([
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'text-delta', text: 'Hi' },
    ])
  })

  it('reports what a guardrail found', () => {
    const topics = { topicPolicy: { topics: [{ name: 'x', type: 'DENY', action: 'BLOCKED' }] } }
    const trace = {
      guardrail: { inputAssessment: { g1: topics }, outputAssessments: { g1: [{ invocationMetrics: {} }] } },
    }
    const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 }
    const { events } = read(
      Buffer.concat([
        start,
        delta({ text: 'Sorry' }),
        encodeConverseEvent('messageStop', { stopReason: 'guardrail_intervened' }),
        encodeConverseEvent('metadata', { usage, trace }),
      ]),
    )
    expect(events.slice(2)).toEqual([
      { type: 'content-filter', target: 'prompt', filtered: true, raw: { g1: topics } },
      { type: 'content-filter', target: 'output', filtered: false, raw: { g1: [{ invocationMetrics: {} }] } },
      {
        type: 'response-end',
        finishReason: { unified: 'content-filter', raw: 'guardrail_intervened' },
        usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      },
    ])
  })

  it('reads an answer that is given with a tool as text', () => {
    const toolStart = encodeConverseEvent('contentBlockStart', {
      contentBlockIndex: 0,
      start: { toolUse: { toolUseId: 't', name: 'answer' } },
    })
    const pieces = [toolStart, delta({ toolUse: { input: '' } }), delta({ toolUse: { input: '{"n":1}' } })]
    const end = [encodeConverseEvent('contentBlockStop', { contentBlockIndex: 0 })]
    const stopped = encodeConverseEvent('messageStop', { stopReason: 'tool_use' })
    const bytes = Buffer.concat([start, ...pieces, ...end, stopped, metadata])
    const { events } = read(bytes, [], { means: 'forced-tool', name: 'answer', schema: {} })
    expect(events.slice(1)).toMatchObject([
      { type: 'text-delta', text: '{"n":1}' },
      { type: 'response-end', finishReason: { unified: 'stop', raw: 'tool_use' } },
    ])
  })

  it.each([
    ['```json\n{"n": 1}\n```', '{"n": 1}'],
    ['Here is the answer:\n```json\n{"n": 1}\n```\nHave fun!', '{"n": 1}'],
    ['{"n": 1}', '{"n": 1}'],
  ])('takes what is around JSON that was asked for in words off: %j', (said, expected) => {
    fc.assert(
      fc.property(fc.array(fc.nat(said.length), { maxLength: 6 }), (places) => {
        const ends = [...places, said.length].sort((a, b) => a - b)
        const pieces = ends.map((end, index) => delta({ text: said.slice(ends[index - 1] ?? 0, end) }))
        const bytes = Buffer.concat([start, ...pieces, stop, metadata])
        const { events } = read(bytes, [], { means: 'prompt', instruction: '' })
        expect(events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')).toBe(expected)
      }),
    )
  })

  it('reads the stream of Claude itself: reasoning, tools and the counts of its cache', () => {
    const bytes = Buffer.concat([
      chunk({
        type: 'message_start',
        message: {
          id: 'msg_1',
          model: 'claude',
          usage: { input_tokens: 5, cache_read_input_tokens: 90, output_tokens: 1 },
        },
      }),
      chunk({ type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } }),
      chunk({ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } }),
      chunk({ type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'abc' } }),
      chunk({
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: 't1', name: 'f', input: {} },
      }),
      chunk({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{}' } }),
      chunk({ type: 'content_block_stop', index: 1 }),
      chunk({ type: 'ping' }),
      chunk({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 7 } }),
      chunk({
        type: 'message_stop',
        'amazon-bedrock-invocationMetrics': { inputTokenCount: 999, outputTokenCount: 999 },
      }),
    ])
    expect(read(bytes).events).toEqual([
      { type: 'response-start', id: 'msg_1', model: 'claude' },
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'tool-call-start', index: 0, id: 't1', name: 'f' },
      { type: 'tool-call-delta', index: 0, argumentsText: '{}' },
      { type: 'tool-call-end', index: 0, id: 't1', name: 'f', arguments: '{}' },
      {
        type: 'response-end',
        finishReason: { unified: 'tool-calls', raw: 'tool_use' },
        usage: { inputTokens: 95, outputTokens: 7, totalTokens: 102, cacheReadTokens: 90 },
      },
    ])
  })

  it('says that a guardrail stopped an answer of InvokeModel', () => {
    const output = { outputs: [{ text: 'Sorry', stop_reason: 'stop' }] }
    const bytes = chunk({ ...output, 'amazon-bedrock-guardrailAction': 'INTERVENED' })
    expect(read(bytes).events.at(-1)).toMatchObject({ finishReason: { unified: 'content-filter', raw: 'stop' } })
  })

  it.each([
    [
      'an exception',
      { ':message-type': 'exception', ':exception-type': 'throttlingException' },
      '{"message":"Slow down."}',
      'reported: throttlingException: Slow down.',
    ],
    [
      'an exception without JSON',
      { ':message-type': 'exception', ':exception-type': 'x' },
      'Slow down.',
      'reported: x: Slow down.',
    ],
    [
      'an error',
      { ':message-type': 'error', ':error-code': 'Broken', ':error-message': 'Sorry.' },
      '',
      'reported: Broken: Sorry.',
    ],
    [
      'an event that is no JSON',
      { ':message-type': 'event', ':event-type': 'messageStop' },
      '{"stopReason":',
      "protocol: sent an event 'messageStop' that is not a JSON object",
    ],
    [
      'a chunk that is no JSON',
      { ':message-type': 'event', ':event-type': 'chunk' },
      '{"bytes":"e30x"}',
      'protocol: sent a chunk that is not a JSON object',
    ],
    [
      'a chunk without bytes',
      { ':message-type': 'event', ':event-type': 'chunk' },
      '{}',
      'protocol: sent a chunk that is not a JSON object',
    ],
  ])('fails with %s, after the events before it', (_name, headers, payload, message) => {
    const bytes = Buffer.concat([start, delta({ text: 'Hi' }), encodeEventStreamMessage(headers, payload), stop])
    const { events, error } = read(bytes)
    expect(error).toBe(message)
    expect(events.map(({ type }) => type)).toEqual(['response-start', 'text-delta'])
  })

  it('skips messages of a type it does not know', () => {
    const unknown = encodeEventStreamMessage({ ':message-type': 'news' }, 'x')
    expect(read(Buffer.concat([start, unknown, delta({ text: 'Hi' }), stop, metadata])).error).toBeUndefined()
  })

  it('refuses more tool calls than any answer has', () => {
    const calls = Array.from({ length: 1100 }, (_, index) => delta({ toolUse: { input: '' } }, index))
    expect(read(Buffer.concat([start, ...calls])).error).toMatch(/^protocol: sent tool calls beyond/)
  })

  it('is not misled by members of the prototype', () => {
    const bytes = Buffer.concat([
      start,
      encodeEventStreamMessage(
        { ':message-type': 'event', ':event-type': '__proto__' },
        '{"__proto__":{"polluted":1}}',
      ),
      delta({ text: 'Hi' }),
      stop,
      metadata,
    ])
    expect(read(bytes).error).toBeUndefined()
    expect('polluted' in {}).toBe(false)
  })
})
