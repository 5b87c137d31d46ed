import { type Emulator, startEmulator, type VllmEmulatorOptions } from '@duo-models/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import type { AdapterCall, AdapterConnection } from '../adapter.js'
import type { CompletionRequest } from '../adapter-request.js'
import { DuoModelError } from '../errors/duo-model-error.js'
import { planCodeCompletion } from '../fill-in-the-middle/plan-code-completion.js'
import type { AdapterEvent } from '../stream-event.js'
import {
  type ByteServer,
  chunked,
  eventStream,
  jsonAnswer,
  lastChunk,
  type Reply,
  responseHead,
  startByteServer,
} from '../testing/byte-server.js'
import { handedOver } from '../testing/handed-over.js'
import { vllmAdapter } from './vllm-adapter.js'

type Batches = AsyncIterable<readonly AdapterEvent[]>
type Sharing = AdapterConnection & Required<Pick<AdapterConnection, 'sharingKey' | 'streamMany'>>

const open: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

const versions = ['0.6.4.post1', '0.6.5', '0.7.3', '0.8.5', '0.9.2', '0.10.1', '0.11.0', '0.12.0', '0.20.0']
const streamHead = responseHead(200, [
  ['content-type', 'text/event-stream'],
  ['transfer-encoding', 'chunked'],
])

function prompt(text: string, more: Partial<CompletionRequest> = {}): CompletionRequest {
  return { kind: 'completion', prompt: text, maxOutputTokens: 64, ...more }
}

async function connect(baseUrl: string, settings: Record<string, unknown> = {}): Promise<Sharing> {
  const target = { deployment: 'code', model: 'codestral-22b-v0.1', servedModelName: 'served', endpoint: baseUrl }
  const context = { connectTimeoutMs: 2_000, maxConnections: 8 }
  const connection = await vllmAdapter.connect({ ...target, settings }, context)
  open.push(() => connection.close())
  return connection as Sharing
}

async function emulate(options: Partial<VllmEmulatorOptions> = {}): Promise<[Emulator, Sharing]> {
  const emulator = await startEmulator({ platform: 'vllm', servedModelName: 'served', speed: 0, ...options })
  open.push(() => emulator.close())
  return [emulator, await connect(emulator.baseUrl)]
}

async function serve(reply: Reply, settings?: Record<string, unknown>): Promise<[ByteServer, Sharing]> {
  const server = await startByteServer(reply)
  open.push(() => server.close())
  const connection = await connect(`${server.origin}/v1`, settings)
  return [server, connection]
}

/** Calls with an id each, and a way to give each up. */
function callsFor(count: number): (AdapterCall & { readonly controller: AbortController })[] {
  return Array.from({ length: count }, (_, index) => {
    const controller = new AbortController()
    return { controller, signal: controller.signal, requestId: `request-${index}` }
  })
}

interface Outcome {
  readonly events: readonly AdapterEvent[]
  readonly text: string
  readonly error: DuoModelError | undefined
}

async function read(stream: Batches): Promise<Outcome> {
  const events: AdapterEvent[] = []
  let error: DuoModelError | undefined
  try {
    for await (const batch of stream) events.push(...batch)
  } catch (thrown) {
    if (!DuoModelError.is(thrown)) throw thrown
    error = thrown
  }
  return { events, text: events.map((event) => (event.type === 'text-delta' ? event.text : '')).join(''), error }
}

/** Sends prompts in one request and reads all answers, by turns as the two ways to read a stream allow. */
function share(connection: Sharing, requests: readonly CompletionRequest[], calls = callsFor(requests.length)) {
  const streams = connection.streamMany(requests, calls)
  return Promise.all(streams.map((stream, index) => read(index % 2 === 0 ? stream : handedOver(stream))))
}

/** Lets what was written arrive, and a connection become free. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 20))

const ends = (outcome: Outcome | undefined) => outcome?.events.filter(({ type }) => type === 'response-end')

function chunk(index: number, text: string, finish_reason: string | null = null, tokens = 1): string {
  const usage = { prompt_tokens: 10 + index, completion_tokens: tokens, total_tokens: 10 + index + tokens }
  return `data: ${JSON.stringify({ id: 'cmpl-1', model: 'm', choices: [{ index, text, finish_reason }], usage })}\n\n`
}
const done = 'data: [DONE]\n\n'

describe('several prompts in one request to vLLM', () => {
  it.each(versions)('give each caller what it would have got alone, usage included (vLLM %s)', async (version) => {
    const [emulator, connection] = await emulate({ version })
    const requests = Array.from({ length: 7 }, (_, index) => prompt(`def function_${index}(`.repeat(index + 1)))
    const together = await share(connection, requests)
    const [call] = callsFor(1)
    const alone = await Promise.all(requests.map((request) => read(connection.stream(request, call as AdapterCall))))
    expect(together.map(({ text }) => text)).toEqual(alone.map(({ text }) => text))
    expect(together.map(ends)).toEqual(alone.map(ends))
    expect(new Set(together.map(({ text }) => text)).size).toBe(7)
    expect(ends(together[3])).toMatchObject([{ usage: { inputTokens: expect.any(Number) } }])
    const [request] = emulator.requests
    expect(request?.json).toMatchObject({ prompt: requests.map(({ prompt: text }) => text), stream: true })
    expect(emulator.requests).toHaveLength(8)
    await expect.poll(() => request?.finished).toBe(true)
  })

  it('goes under an id of its own, so that a caller who left may send its id again', async () => {
    const [emulator, connection] = await emulate()
    await share(connection, [prompt('a'), prompt('b')])
    await share(connection, [prompt('a'), prompt('b')])
    const ids = emulator.requests.map(({ headers }) => headers['x-request-id'])
    expect(ids).toEqual(['request-0.1', 'request-0.2'])
  })

  it('ends each answer as soon as the server has ended it', async () => {
    let finish = () => {}
    const [, connection] = await serve((socket) => {
      socket.write(streamHead)
      socket.write(chunked(chunk(0, 'long ') + chunk(1, 'short', 'stop')))
      finish = () =>
        socket.end(Buffer.concat([chunked(chunk(0, 'answer', 'length', 2) + done), Buffer.from(lastChunk)]))
    })
    const [long, short] = connection.streamMany([prompt('a'), prompt('b')], callsFor(2)).map(read)
    expect(await short).toMatchObject({ text: 'short', error: undefined })
    finish()
    expect(await long).toMatchObject({ text: 'long answer', error: undefined })
    expect(ends(await long)).toMatchObject([{ finishReason: { raw: 'length' }, usage: { outputTokens: 2 } }])
  })

  it('uses its connection again', async () => {
    const answer = eventStream(chunk(1, 'b', 'stop') + chunk(0, 'a', 'stop') + done)
    const [server, connection] = await serve((socket) => socket.write(answer))
    for (let round = 0; round < 3; round++) {
      await share(connection, [prompt('a'), prompt('b')])
      await pause()
    }
    expect(server.connections.opened).toBe(1)
  })

  it('sends nothing before the first stream is read, or for callers who have all left', async () => {
    const [emulator, connection] = await emulate()
    const calls = callsFor(2)
    const streams = connection.streamMany([prompt('a'), prompt('b')], calls)
    for (const { controller } of calls) controller.abort()
    const outcomes = await Promise.all(streams.map(read))
    expect(outcomes.map(({ error }) => error?.code)).toEqual(['aborted', 'aborted'])
    expect(emulator.requests).toHaveLength(0)
  })
})

describe('a caller who gives up', () => {
  const stalling: Reply = (socket) => {
    socket.write(streamHead)
    socket.write(chunked(chunk(0, 'a0') + chunk(1, 'b0') + chunk(2, 'c0')))
  }

  it('is told so with its own part, leaves the others alone, and the last one closes the socket', async () => {
    let goOn = (_: string) => {}
    const [server, connection] = await serve((socket, request) => {
      stalling(socket, request)
      goOn = (text) => socket.write(chunked(text))
    })
    const calls = callsFor(3)
    const streams = connection.streamMany([prompt('a'), prompt('b'), prompt('c')], calls)
    const iterators = streams.map((stream) => stream[Symbol.asyncIterator]())
    for (const iterator of iterators) expect((await iterator.next()).value?.length).toBeGreaterThan(0)

    const leaving = iterators[0]?.next()
    calls[0]?.controller.abort('enough')
    await expect(leaving).rejects.toMatchObject({
      code: 'aborted',
      phase: 'stream',
      requestId: 'request-0',
      cause: 'enough',
      partial: { text: 'a0', usage: { inputTokens: 10, outputTokens: 1 } },
    })
    goOn(chunk(0, 'a1') + chunk(1, 'b1', null, 2))
    expect(await iterators[1]?.next()).toMatchObject({ value: [{ type: 'text-delta', text: 'b1' }, { type: 'usage' }] })
    await iterators[1]?.return?.()
    expect(server.connections.open).toBe(1)
    goOn(chunk(2, 'c1', 'stop', 2))
    expect((await iterators[2]?.next())?.value?.at(-1)).toMatchObject({ type: 'response-end' })
    // The server still writes for those who left.
    await expect.poll(() => server.connections.open).toBe(0)
  })

  it('may do so before it has asked for anything', async () => {
    const [server, connection] = await serve(stalling)
    const calls = callsFor(3)
    const [first, second, third] = connection
      .streamMany([prompt('a'), prompt('b'), prompt('c')], calls)
      .map((stream) => stream[Symbol.asyncIterator]())
    calls[1]?.controller.abort()
    await first?.next()
    await expect(second?.next()).rejects.toMatchObject({ code: 'aborted', phase: 'request' })
    await third?.return?.()
    expect(await third?.next()).toMatchObject({ done: true })
    expect(server.connections.open).toBe(1)
    await first?.return?.()
    await expect.poll(() => server.connections.open).toBe(0)
  })

  it('costs the connection where the server had not, even if it does so a moment later', async () => {
    let goOn = () => {}
    const [server, connection] = await serve((socket) => {
      socket.write(streamHead)
      socket.write(chunked(chunk(0, 'a') + chunk(1, 'b')))
      goOn = () => socket.write(Buffer.concat([chunked(done), Buffer.from(lastChunk)]))
    })
    for (let round = 1; round <= 2; round++) {
      const streams = connection.streamMany([prompt('a'), prompt('b')], callsFor(2))
      const iterators = streams.map((stream) => stream[Symbol.asyncIterator]())
      for (const iterator of iterators) await iterator.next()
      for (const iterator of iterators) await iterator.return?.()
      goOn()
      await pause()
      expect(server.connections.opened).toBe(round)
    }
  })

  it('does not cost a connection where the server had ended its answer', async () => {
    let goOn = () => {}
    const [server, connection] = await serve((socket) => {
      socket.write(streamHead)
      socket.write(chunked(chunk(0, 'a') + chunk(1, 'b')))
      goOn = () =>
        socket.write(
          Buffer.concat([chunked(chunk(0, '', 'stop') + chunk(1, '', 'stop') + done), Buffer.from(lastChunk)]),
        )
    })
    for (let round = 0; round < 2; round++) {
      const calls = callsFor(2)
      const [first, second] = connection.streamMany([prompt('a'), prompt('b')], calls).map(read)
      await expect.poll(() => server.requests.length).toBe(round + 1)
      await pause()
      calls[0]?.controller.abort()
      expect((await first)?.error?.code).toBe('aborted')
      goOn()
      expect(await second).toMatchObject({ text: 'b', error: undefined })
      await pause()
    }
    expect(server.connections.opened).toBe(1)
  })
})

describe('a reader that stops', () => {
  it('stops the socket for all at a bound, and the rest comes when it reads on', async () => {
    const piece = 'x'.repeat(1_000)
    // More than the sockets of both sides hold.
    const pieces = 12_000
    const both = chunked(chunk(0, piece) + chunk(1, piece))
    let written = 0
    const [, connection] = await serve((socket) => {
      socket.write(streamHead)
      const write = (): void => {
        while (written < pieces) {
          written += 1
          if (socket.write(both)) continue
          socket.once('drain', write)
          return
        }
        socket.end(Buffer.concat([chunked(chunk(0, '', 'stop') + chunk(1, '', 'stop') + done), Buffer.from(lastChunk)]))
      }
      write()
    })
    const [slow, quick] = connection.streamMany([prompt('a'), prompt('b')], callsFor(2))
    const stopped = slow?.[Symbol.asyncIterator]()
    const first = await stopped?.next()
    const reading = read(quick as Batches)
    await expect.poll(() => written).toBeGreaterThan(100)
    let before = -1
    await expect
      .poll(
        () => {
          const isStill = written === before
          before = written
          return isStill
        },
        { interval: 100 },
      )
      .toBe(true)
    expect(written).toBeLessThan(pieces)
    let length = textLength(first?.value ?? [])
    for (;;) {
      const next = await stopped?.next()
      if (next === undefined || next.done === true) break
      length += textLength(next.value)
    }
    expect(length).toBe(pieces * piece.length)
    expect((await reading).text).toHaveLength(pieces * piece.length)
  })

  it('no longer does once its caller gives up', async () => {
    const piece = 'x'.repeat(1_000)
    const body = (chunk(0, piece) + chunk(1, piece)).repeat(3_000)
    const [, connection] = await serve((socket) => {
      socket.write(streamHead)
      socket.write(chunked(body + chunk(0, '', 'stop') + chunk(1, '', 'stop') + done))
      socket.end(lastChunk)
    })
    const calls = callsFor(2)
    const [slow, quick] = connection.streamMany([prompt('a'), prompt('b')], calls)
    await slow?.[Symbol.asyncIterator]().next()
    const reading = read(quick as Batches)
    await pause()
    calls[0]?.controller.abort()
    expect((await reading).text).toHaveLength(3_000 * piece.length)
  })
})

function textLength(events: readonly AdapterEvent[]): number {
  return events.reduce((sum, event) => sum + (event.type === 'text-delta' ? event.text.length : 0), 0)
}

describe('a shared request that fails', () => {
  it('in the middle gives each caller its own part, and those whose answer is complete nothing of it', async () => {
    const [, connection] = await serve((socket) => {
      socket.write(streamHead)
      socket.end(chunked(chunk(0, 'a0') + chunk(1, 'b', 'stop') + chunk(0, 'a1', null, 2)))
    })
    const [cut, complete, empty] = await share(connection, [prompt('a'), prompt('b'), prompt('c')])
    expect(complete).toMatchObject({ text: 'b', error: undefined })
    expect(cut?.error).toMatchObject({
      code: 'stream-interrupted',
      requestId: 'request-0',
      phase: 'stream',
      retryable: false,
      partial: { text: 'a0a1', usage: { outputTokens: 2 } },
    })
    expect(empty?.error).toMatchObject({ code: 'stream-interrupted', requestId: 'request-2', phase: 'first-token' })
    expect(empty?.error?.retryable).toBe(true)
    expect(empty?.error?.partial).toBeUndefined()
    expect(empty?.error).not.toBe(cut?.error)
  })

  it('by an error event tells every caller who waits', async () => {
    const error = 'data: {"error":{"message":"engine died","type":"InternalServerError","code":500}}\n\n'
    const [, connection] = await serve((socket) => {
      socket.write(eventStream(chunk(0, 'a') + chunk(1, 'b', 'stop') + error + done))
    })
    const [first, second, third] = await share(connection, [prompt('a'), prompt('b'), prompt('c')])
    expect(first?.error).toMatchObject({ code: 'server', requestId: 'request-0', partial: { text: 'a' } })
    expect(second).toMatchObject({ text: 'b', error: undefined })
    expect(third?.error).toMatchObject({ code: 'server', requestId: 'request-2', retryable: true })
  })

  it('by its end is incomplete for those whose finish reason is missing', async () => {
    const body = chunk(0, 'a') + chunk(1, 'b', 'stop')
    for (const end of [done, '', 'data: {"choices":[']) {
      const [, connection] = await serve((socket) => socket.write(eventStream(body + end)))
      const [first, second] = await share(connection, [prompt('a'), prompt('b')])
      expect(first?.error).toMatchObject({ code: 'stream-interrupted', partial: { text: 'a' } })
      expect(second).toMatchObject({ text: 'b', error: undefined })
    }
  })

  it('by the server giving up one answer leaves the other', async () => {
    const body = chunk(0, 'a', 'abort') + chunk(1, 'b', 'stop') + done
    const [, connection] = await serve((socket) => socket.write(eventStream(body)))
    const [first, second] = await share(connection, [prompt('a'), prompt('b')])
    expect(first?.error).toMatchObject({ code: 'stream-interrupted', requestId: 'request-0' })
    expect(second?.error).toBeUndefined()
  })

  it('by a refusal gives each caller an error of its own', async () => {
    const refusal = jsonAnswer(400, '{"object":"error","message":"no","type":"BadRequestError","code":400}')
    const [, connection] = await serve((socket) => socket.write(refusal))
    const errors = (await share(connection, [prompt('a'), prompt('b')])).map(({ error }) => error)
    expect(errors).toMatchObject([
      { code: 'invalid-request', status: 400, requestId: 'request-0' },
      { code: 'invalid-request', status: 400, requestId: 'request-1' },
    ])
    expect(errors[0]).not.toBe(errors[1])
  })

  it.each([
    [
      'a redirect',
      responseHead(302, [
        ['location', 'https://elsewhere.example/'],
        ['content-length', '0'],
      ]),
    ],
    ['a page', jsonAnswer(200, '<html>Log in</html>')],
    ['an empty body', responseHead(204, [])],
    ['an event without end', Buffer.concat([Buffer.from(streamHead), chunked(`data: ${'x'.repeat(9 * 1024 * 1024)}`)])],
  ])('by %s gives each caller an error of its own', async (_, answer) => {
    const [, connection] = await serve((socket) => socket.write(answer))
    const errors = (await share(connection, [prompt('a'), prompt('b')])).map(({ error }) => error)
    expect(errors.map((error) => error?.code)).toEqual(['protocol', 'protocol'])
    expect(errors.map((error) => error?.requestId)).toEqual(['request-0', 'request-1'])
  })
})

describe('other forms of an answer for several', () => {
  const choices = [
    { index: 1, text: 'b', finish_reason: 'stop' },
    { index: 0, text: 'a', finish_reason: 'length' },
  ]
  const answer = JSON.stringify({ id: 'cmpl', model: 'm', choices, usage: { prompt_tokens: 5, completion_tokens: 2 } })

  it.each([
    ['one JSON body', jsonAnswer(200, answer)],
    ['one event', eventStream(`data: ${answer}\n\n${done}`)],
  ])('%s with every choice is taken apart, and its count is nobody’s', async (_, bytes) => {
    const [, connection] = await serve((socket) => socket.write(bytes))
    const [first, second] = await share(connection, [prompt('a'), prompt('b')])
    expect([first?.text, second?.text]).toEqual(['a', 'b'])
    expect(ends(first)).toMatchObject([{ finishReason: { raw: 'length' } }])
    expect(ends(first)).toEqual([expect.objectContaining({ usage: {} })])
    expect(first?.events[0]).toEqual({ type: 'response-start', id: 'cmpl', model: 'm' })
  })

  it('an answer that lacks one of them is that one’s failure', async () => {
    const [only] = choices
    const [, connection] = await serve((socket) => socket.write(jsonAnswer(200, JSON.stringify({ choices: [only] }))))
    const [first, second] = await share(connection, [prompt('a'), prompt('b')])
    expect(first?.error).toMatchObject({ code: 'protocol', requestId: 'request-0' })
    expect(second).toMatchObject({ text: 'b', error: undefined })
  })

  it('choices nobody asked for are ignored', async () => {
    const body = chunk(7, 'x') + chunk(-1, 'x') + chunk(0.5, 'x') + chunk(0, 'a', 'stop') + chunk(1, 'b', 'stop') + done
    const [, connection] = await serve((socket) => socket.write(eventStream(body)))
    expect((await share(connection, [prompt('a'), prompt('b')])).map(({ text }) => text)).toEqual(['a', 'b'])
  })
})

describe('prompts as token ids', () => {
  const planned = (prefix: string): CompletionRequest => {
    const { request } = planCodeCompletion({
      modelId: 'codestral-22b-v0.1',
      prefix,
      suffix: 'cd',
      rawCompletion: true,
    })
    return request as CompletionRequest
  }
  const tokenOf = (character: string): number => 1_000 + (character.codePointAt(0) ?? 0)
  const tokenize = (text: string) => (text.includes('?') ? 'none' : [1, 29_473, ...[...text].map(tokenOf)])
  const reply: Reply = (socket, { head, body }) => {
    if (head.startsWith('POST /tokenize '))
      socket.write(jsonAnswer(200, JSON.stringify({ tokens: tokenize(JSON.parse(body).prompt) })))
    else socket.write(eventStream(chunk(0, 'first', 'stop') + chunk(1, 'second', 'stop') + done))
  }
  const settings = { server: { serveArgs: '--tokenizer-mode mistral' } }

  it('share a request too; one that cannot be tokenized fails alone', async () => {
    const [server, connection] = await serve(reply, settings)
    const outcomes = await share(connection, [planned('ab'), planned('?'), planned('b')])
    expect(outcomes.map(({ text }) => text)).toEqual(['first', '', 'second'])
    expect(outcomes[1]?.error).toMatchObject({ code: 'protocol' })
    const answers = server.requests.filter(({ head }) => head.startsWith('POST /v1/completions '))
    expect(answers).toHaveLength(1)
    const { prompt: sent } = JSON.parse(answers[0]?.body ?? '')
    expect(sent).toHaveLength(2)
    expect(sent[1].at(-1)).toBe(tokenOf('b'))
    expect(connection.sharingKey(planned('ab'))).not.toBe(connection.sharingKey(prompt('ab')))
  })

  it('may be given up while they are prepared', async () => {
    // The server never ends the answer of the one who left.
    const half = Buffer.concat([Buffer.from(streamHead), chunked(chunk(0, 'first') + chunk(1, 'second', 'stop'))])
    const [server, connection] = await serve((socket, request) => {
      if (request.head.startsWith('POST /tokenize ')) setTimeout(() => reply(socket, request), 30)
      else socket.write(half)
    }, settings)
    const [first, second] = connection.streamMany([planned('a'), planned('b')], callsFor(2))
    const leaving = first?.[Symbol.asyncIterator]()
    const asked = leaving?.next()
    const reading = read(second as Batches)
    await leaving?.return?.()
    expect(await asked).toMatchObject({ done: true })
    expect(await reading).toMatchObject({ text: 'second', error: undefined })
    await expect.poll(() => server.requests.length - server.connections.open).toBeGreaterThan(0)
    const answers = server.requests.filter(({ head }) => head.startsWith('POST /v1/completions '))
    expect(answers).toHaveLength(1)
    await expect.poll(() => server.connections.open).toBeLessThan(server.connections.opened)
  })
})

describe('sharingKey', () => {
  it('is the same for prompts that differ in nothing else', async () => {
    const [, connection] = await emulate()
    const settings = { temperature: 0, stopSequences: ['\n'], platformOptions: { skip_special_tokens: false } }
    const key = connection.sharingKey(prompt('a', settings))
    expect(key).toBeDefined()
    expect(connection.sharingKey(prompt('b', { ...settings, seed: undefined }))).toBe(key)
    const others = [
      { temperature: 0.1 },
      { topP: 0.5 },
      { seed: 1 },
      { maxOutputTokens: 65 },
      { stopSequences: ['\n\n'] },
      { platformOptions: { skip_special_tokens: true } },
      { platformOptions: undefined },
    ].map((other) => connection.sharingKey(prompt('a', { ...settings, ...other })))
    expect(new Set([key, ...others]).size).toBe(8)
  })

  it.each([
    { n: 2 },
    { best_of: 2 },
    { prompt: 'x' },
    { stream_options: {} },
    { guided_regex: 'a' },
    { max_tokens: 9 },
  ])(
    'is none where the request would not be one stream per prompt, or has to be prepared: %j',
    async (platformOptions) => {
      const [, connection] = await emulate()
      expect(connection.sharingKey(prompt('a', { platformOptions }))).toBeUndefined()
    },
  )
})
