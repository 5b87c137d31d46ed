import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventStream, jsonAnswer, startByteServer } from '../testing/byte-server.js'
import { connectAzureOpenAI } from '../testing/connect-azure-openai.js'
import { helloRequest, openCall, runStream } from '../testing/run-stream.js'
import { filteredCategories, readAzureContentFilters } from './content-filter.js'

const safe = { hate: { filtered: false, severity: 'safe' }, violence: { filtered: false, severity: 'safe' } }
const blocked = { ...safe, violence: { filtered: true, severity: 'high' } }

function chunk(choice: object, more: object = {}): string {
  return `data: ${JSON.stringify({ id: 'c', model: 'gpt-4o', choices: [{ index: 0, finish_reason: null, ...choice }], ...more })}\n\n`
}

const promptChunk = `data: ${JSON.stringify({ id: '', model: '', choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: safe }] })}\n\n`

async function eventsOf(body: string) {
  const server = await startByteServer((socket) => socket.write(eventStream(body)))
  const connection = await connectAzureOpenAI(server.origin)
  try {
    const { events, error } = await runStream(connection)
    expect(error).toBeUndefined()
    return events
  } finally {
    await connection.close()
    await server.close()
  }
}

describe('the content filter in a stream', () => {
  it('tells the report on the prompt after response-start, and nothing of text that is well', async () => {
    const text = (content: string) => chunk({ delta: { content }, content_filter_results: safe })
    const events = await eventsOf(
      `${promptChunk}${text('a')}${text('b')}${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`,
    )
    expect(events.map(({ type }) => type)).toEqual([
      'response-start',
      'content-filter',
      'text-delta',
      'text-delta',
      'response-end',
    ])
    expect(events[1]).toMatchObject({ target: 'prompt', filtered: false, raw: { prompt_index: 0 } })
  })

  it('tells every piece of text that it has something to say about, however alike they are', async () => {
    const low = { ...safe, hate: { filtered: false, severity: 'low' } }
    const text = (content: string) => chunk({ delta: { content }, content_filter_results: low })
    const events = await eventsOf(
      `${text('a')}${text('b')}${text('c')}${text('d')}${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`,
    )
    expect(events.filter(({ type }) => type === 'content-filter')).toHaveLength(4)
    expect(events.filter(({ type }) => type === 'text-delta')).toHaveLength(4)
  })

  it('tells reports that come on their own, with their offsets, also after stop', async () => {
    const offsets = { check_offset: 44, start_offset: 44, end_offset: 198 }
    const own = chunk({ content_filter_results: safe, content_filter_offsets: offsets })
    const events = await eventsOf(
      `${chunk({ delta: { content: 'Hello' } })}${own}${chunk({ delta: {}, finish_reason: 'stop' })}${own}data: [DONE]\n\n`,
    )
    const report = { type: 'content-filter', target: 'output', filtered: false }
    expect(events.slice(2)).toEqual([
      { ...report, raw: { content_filter_results: safe, content_filter_offsets: offsets } },
      { ...report, raw: { content_filter_results: safe, content_filter_offsets: offsets } },
      { type: 'response-end', finishReason: { unified: 'stop', raw: 'stop' }, usage: {} },
    ])
  })

  it.each([
    ['with an empty delta', { delta: {} }],
    ['without a delta', {}],
  ])('ends an answer it has stopped %s as content-filter', async (_how, shape) => {
    const stopped = chunk({ ...shape, finish_reason: 'content_filter', content_filter_results: blocked })
    const events = await eventsOf(`${chunk({ delta: { content: 'Hello' } })}${stopped}data: [DONE]\n\n`)
    expect(events.slice(-2)).toMatchObject([
      { type: 'content-filter', target: 'output', filtered: true, raw: { content_filter_results: blocked } },
      { type: 'response-end', finishReason: { unified: 'content-filter', raw: 'content_filter' } },
    ])
  })

  it('says that the filter was down, and delivers the text', async () => {
    const results = { error: { code: 'content_filter_error', message: 'The contents are not filtered' } }
    const down = chunk({ delta: { content: 'Hello' }, content_filter_result: results, finish_reason: 'stop' })
    const events = await eventsOf(`${down}data: [DONE]\n\n`)
    expect(events).toMatchObject([
      { type: 'response-start' },
      { type: 'content-filter', filtered: false, raw: { content_filter_results: results } },
      { type: 'text-delta', text: 'Hello' },
      { type: 'response-end' },
    ])
  })

  it('delivers what a model declines with as text', async () => {
    const events = await eventsOf(
      `${chunk({ delta: { content: null, refusal: "I can't" } })}${chunk({ delta: { refusal: ' help.' }, finish_reason: 'stop' })}data: [DONE]\n\n`,
    )
    expect(events.filter(({ type }) => type === 'text-delta')).toEqual([
      { type: 'text-delta', text: "I can't" },
      { type: 'text-delta', text: ' help.' },
    ])
  })
})

describe('the content filter in a whole answer', () => {
  it.each([
    ['a message', { message: { role: 'assistant', content: 'Hel' } }, 'Hel'],
    ['no message', {}, ''],
  ])('is in contentFilters, with %s', async (_what, shape, text) => {
    const choice = { index: 0, ...shape, finish_reason: 'content_filter', content_filter_results: blocked }
    const body = {
      id: 'x',
      model: 'gpt-4o',
      choices: [choice],
      prompt_filter_results: [{ prompt_index: 0, content_filter_results: safe }],
    }
    const server = await startByteServer((socket) => socket.write(jsonAnswer(200, JSON.stringify(body))))
    const connection = await connectAzureOpenAI(server.origin)
    const response = await connection.generate(helloRequest, openCall())
    expect(response).toMatchObject({ text, finishReason: { unified: 'content-filter' } })
    expect(response.contentFilters).toMatchObject([
      { target: 'prompt', filtered: false },
      { target: 'output', filtered: true },
    ])
    await connection.close()
    await server.close()
  })
})

describe('reading reports', () => {
  it('takes any JSON without throwing, and reports nothing for an ordinary chunk', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (prompts, results, offsets) => {
        const choices = [{ index: 0, content_filter_results: results, content_filter_offsets: offsets }]
        for (const event of readAzureContentFilters({ choices, prompt_filter_results: prompts }))
          expect(event.type).toBe('content-filter')
        expect(readAzureContentFilters({ choices: [{ index: 0, delta: { content: 'x' } }] })).toEqual([])
        expect(filteredCategories({ content_filter_result: results })).toBeInstanceOf(Array)
      }),
    )
  })
})
