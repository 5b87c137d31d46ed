import { DuoModelError, type StreamEvent, StreamInterruptedError } from '@duo-models/adapters'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ModelStream, type StreamEvents } from './model-stream.js'

const end: StreamEvent = {
  type: 'response-end',
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: { outputTokens: 2 },
  timing: { endToEndLatencyMs: 1, schedulerQueueTimeMs: 0 },
}
const start: StreamEvent = { type: 'response-start', id: 'r-1', model: 'served' }
const text = (value: string): StreamEvent => ({ type: 'text-delta', text: value })

interface Recorded extends StreamEvents {
  reads: number
  stopped: DuoModelError | undefined
}

/** Events in batches; an `Error` in their place is thrown. Those in `atOnce` are told before `next` returns. */
function source(
  batches: readonly (readonly StreamEvent[] | DuoModelError)[],
  atOnce: (read: number) => boolean = () => false,
): Recorded {
  return {
    reads: 0,
    stopped: undefined,
    contentEvents: 0,
    next(receiver) {
      const batch = batches[this.reads]
      const tell = () => {
        if (batch instanceof DuoModelError) receiver.fail(batch)
        else receiver.take(batch)
      }
      this.reads += 1
      if (atOnce(this.reads)) tell()
      else queueMicrotask(tell)
    },
    stop(failure) {
      this.stopped = failure
    },
    describe: (collected) => ({
      ...collected,
      deployment: 'd',
      platform: 'vllm',
      model: 'm',
      attempts: 1,
      warnings: [],
    }),
  }
}

async function read(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const events: StreamEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

const broken = () => new StreamInterruptedError({ message: 'cut' })

describe('ModelStream', () => {
  it('sends nothing before somebody reads', async () => {
    const events = source([[start, end]])
    const stream = new ModelStream(events)
    await Promise.resolve()
    expect(events.reads).toBe(0)
    await read(stream)
    expect(events.reads).toBe(2)
  })

  it('gives the same events however the reads cut them', async () => {
    const all: StreamEvent[] = [start, text('a'), text('b'), text('c'), end]
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: all.length }), { maxLength: 6 }),
        fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
        async (cuts, atOnce) => {
          const edges = [0, ...cuts.sort((a, b) => a - b), all.length]
          const batches = edges.slice(1).map((edge, index) => all.slice(edges[index], edge))
          const events = source(batches, (count) => atOnce[count] === true)
          expect(await read(new ModelStream(events))).toEqual(all)
        },
      ),
    )
  })

  it('reads on over any number of reads that hold nothing and are there at once', async () => {
    const empty = Array.from({ length: 50_000 }, () => [])
    expect(await read(new ModelStream(source([[start], ...empty, [end]], () => true)))).toEqual([start, end])
  })

  it('throws a failure that is there at once like any other', async () => {
    const stream = new ModelStream(source([[start, text('a')], broken()], () => true))
    await expect(read(stream)).rejects.toMatchObject({ code: 'stream-interrupted', partial: { text: 'a' } })
  })

  it('has the whole answer after the loop, beside it, and instead of it', async () => {
    const batches = [
      [start, text('Hel')],
      [text('lo'), end],
    ]
    const after = new ModelStream(source(batches))
    await read(after)
    expect((await after.response).text).toBe('Hello')

    const beside = new ModelStream(source(batches))
    const iterator = beside[Symbol.asyncIterator]()
    await iterator.next()
    const response = beside.response
    while ((await iterator.next()).done !== true);
    expect(await response).toMatchObject({ id: 'r-1', text: 'Hello', servedModelName: 'served', deployment: 'd' })

    const alone = new ModelStream(source(batches))
    expect((await alone.response).usage).toEqual({ outputTokens: 2 })
    expect(await new ModelStream(source(batches)).text()).toBe('Hello')
  })

  it('puts reasoning and tool calls together', async () => {
    const stream = new ModelStream(
      source([
        [
          start,
          { type: 'reasoning-delta', text: 'hm' },
          { type: 'tool-call-start', index: 0, id: 'c1', name: 'f' },
          { type: 'tool-call-delta', index: 0, argumentsText: '{}' },
          { type: 'tool-call-end', index: 0, id: 'c1', name: 'f', arguments: '{}' },
          end,
        ],
      ]),
    )
    expect(await stream.response).toMatchObject({
      reasoning: 'hm',
      toolCalls: [{ id: 'c1', name: 'f', arguments: '{}' }],
    })
  })

  it('throws a failure once, with what had arrived, from the loop and from the response', async () => {
    const stream = new ModelStream(source([[start, text('par')], [text('tial')], broken()]))
    const iterator = stream[Symbol.asyncIterator]()
    for (let event = 0; event < 3; event += 1) await iterator.next()
    await expect(iterator.next()).rejects.toMatchObject({ code: 'stream-interrupted', partial: { text: 'partial' } })
    expect(await iterator.next()).toEqual({ value: undefined, done: true })
    await expect(stream.response).rejects.toMatchObject({ code: 'stream-interrupted' })
  })

  it('leaves no unhandled rejection behind when only the loop is watched', async () => {
    const stream = new ModelStream(source([broken()]))
    void stream.response
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('stops the source when the reader breaks, and the response says so', async () => {
    const events = source([[start, text('a')], [end]])
    const stream = new ModelStream(events)
    for await (const event of stream) if (event.type === 'text-delta') break
    expect(DuoModelError.is(events.stopped, 'aborted')).toBe(true)
    await expect(stream.response).rejects.toMatchObject({ code: 'aborted', partial: { text: 'a' } })
  })

  it('keeps a tool call that was cut off, and counts what came where the server counts nothing', async () => {
    const events = source([
      [
        start,
        { type: 'tool-call-start', index: 0, id: 'c1', name: 'f' },
        { type: 'tool-call-delta', index: 0, argumentsText: '{"a"' },
      ],
      broken(),
    ])
    const stream = new ModelStream({ ...events, contentEvents: 2 })
    await expect(stream.response).rejects.toMatchObject({
      partial: {
        toolCalls: [{ id: 'c1', name: 'f', arguments: '{"a"' }],
        usage: { outputTokens: 2, estimated: true },
      },
    })
  })

  it('stops the source when the reader throws', async () => {
    const events = source([[start, text('a')], [end]])
    const stream = new ModelStream(events)
    const reading = (async () => {
      for await (const event of stream) if (event.type === 'text-delta') throw new TypeError('mine')
    })()
    await expect(reading).rejects.toThrow('mine')
    expect(events.stopped).toBeDefined()
  })

  it('ends with aborted after cancel(), with the reason as its cause', async () => {
    const events = source([[start, text('a'), text('b')], [end]])
    const stream = new ModelStream(events)
    const iterator = stream[Symbol.asyncIterator]()
    await iterator.next()
    stream.cancel(new Error('enough'))
    await expect(iterator.next()).rejects.toMatchObject({ code: 'aborted', cause: { message: 'enough' } })
  })

  it('refuses a second reader and says who the first one is', async () => {
    const stream = new ModelStream(source([[start, end]]))
    await stream.text()
    expect(() => stream[Symbol.asyncIterator]()).toThrow(/already read by text\(\)/)
    await expect(stream.text()).rejects.toMatchObject({ code: 'configuration' })
  })

  it('answers readers that do not wait for each other in order', async () => {
    const iterator = new ModelStream(
      source([
        [start, text('a')],
        [text('b'), end],
      ]),
    )[Symbol.asyncIterator]()
    const items = await Promise.all(Array.from({ length: 6 }, () => iterator.next()))
    expect(items.map(({ value }) => value?.type)).toEqual([
      'response-start',
      'text-delta',
      'text-delta',
      'response-end',
      undefined,
      undefined,
    ])
  })

  it('is a web stream that pulls, and closes the source when cancelled', async () => {
    const events = source([[start], [text('a')], [end]])
    const reader = new ModelStream(events).toReadableStream().getReader()
    expect((await reader.read()).value).toEqual(start)
    expect(events.reads).toBe(1)
    await reader.cancel('enough')
    expect(DuoModelError.is(events.stopped, 'aborted')).toBe(true)
  })

  it('delivers an answer longer than what it keeps, and only gives up its copy', async () => {
    const piece = text('x'.repeat(1024 * 1024))
    const stream = new ModelStream(source([[start], ...Array.from({ length: 6 }, () => [piece]), [end]]))
    const events = await read(stream)
    expect(events).toHaveLength(8)
    await expect(stream.response).rejects.toMatchObject({ code: 'configuration' })
    const asked = new ModelStream(source([[start], ...Array.from({ length: 6 }, () => [piece]), [end]]))
    expect((await asked.text()).length).toBe(6 * 1024 * 1024)
  })
})
