import { Buffer } from 'node:buffer'
import { createServer, type Socket } from 'node:net'
import { answerParent } from '../harness/child.js'
import { answerTokens } from '../inputs/answer-tokens.js'
import { type Cut, chunkStream } from '../inputs/chunk-stream.js'
import { converseAnswer, converseStream } from '../inputs/converse-stream.js'
import { CompletionTurns } from './completion-turns.js'

/** A write to every open stream, then a pause of at least this long, so that each write is a read of its own. */
const pauseMs: Readonly<Record<Cut, number>> = { 'one-event': 1, 'sixteen-events': 1.5, '16-kib': 2 }
const streamHead = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n',
)
const converseHead = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\ntransfer-encoding: chunked\r\n\r\n',
)
const lastChunk = Buffer.from('0\r\n\r\n')

interface OpenStream {
  readonly socket: Socket
  readonly writes: readonly Buffer[]
  position: number
}

/** Pieces of streams that were made once; each is sent to many. */
const prepared = new Map<string, readonly Buffer[]>()

/** What the events of a stream are: chunks of vLLM, with or without usage on each, or messages of ConverseStream. */
type Kind = 'usage' | 'plain' | 'converse'

function prepare(cut: Cut, kind: Kind, count: number): readonly Buffer[] {
  const key = `${cut} ${kind} ${count}`
  const known = prepared.get(key)
  if (known !== undefined) return known
  const tokens = answerTokens(count)
  const { writes } =
    kind === 'converse' ? converseStream(tokens, cut) : chunkStream({ cut, usage: kind === 'usage', tokens })
  prepared.set(key, writes)
  return writes
}

/** Writes to all streams of one cut in turn. */
class Pacer {
  readonly #pauseMs: number
  readonly #streams = new Set<OpenStream>()
  #isRunning = false

  constructor(cut: Cut) {
    this.#pauseMs = pauseMs[cut]
  }

  add(stream: OpenStream): void {
    this.#streams.add(stream)
    if (this.#isRunning) return
    this.#isRunning = true
    setImmediate(() => this.#turn(performance.now()))
  }

  #turn(due: number): void {
    if (this.#streams.size === 0) {
      this.#isRunning = false
      return
    }
    const now = performance.now()
    if (now >= due) for (const stream of this.#streams) this.#write(stream)
    setImmediate(() => this.#turn(now >= due ? now + this.#pauseMs : due))
  }

  #write(stream: OpenStream): void {
    if (stream.socket.destroyed) this.#streams.delete(stream)
    if (stream.socket.destroyed || stream.socket.writableNeedDrain) return
    const bytes = stream.writes[stream.position++]
    if (bytes !== undefined) stream.socket.write(bytes)
    if (stream.position < stream.writes.length) return
    this.#streams.delete(stream)
    stream.socket.write(lastChunk)
  }
}

const pacers: Readonly<Record<Cut, Pacer>> = {
  'one-event': new Pacer('one-event'),
  'sixteen-events': new Pacer('sixteen-events'),
  '16-kib': new Pacer('16-kib'),
}

const wholeAnswer = JSON.stringify({
  id: 'chatcmpl-5f1c0f3b2a7d4e6c8b9a0d1e2f3a4b5c',
  object: 'chat.completion',
  created: 1763840000,
  model: 'mistral-small',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: answerTokens(60).join(''), tool_calls: [] },
      logprobs: null,
      finish_reason: 'stop',
      stop_reason: null,
    },
  ],
  usage: { prompt_tokens: 25, total_tokens: 85, completion_tokens: 60, prompt_tokens_details: null },
  prompt_logprobs: null,
})
const answers: ReadonlyMap<string, Buffer> = new Map([
  ['answer', jsonResponse(Buffer.from(wholeAnswer))],
  ['converse-answer', jsonResponse(converseAnswer(answerTokens(60)))],
])

function jsonResponse(body: Buffer): Buffer {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

const notFound = 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'
const completions = new CompletionTurns()

/** What the first member of the path asks for, such as `one-event.usage.500`, `answer`, `completions`, `open`. */
function reply(socket: Socket, order: string, body: string): void {
  // A client that has nothing to do asks for the server's health.
  if (body === '') {
    socket.write(notFound)
    return
  }
  if (order === 'completions') {
    const { prompt, stream } = JSON.parse(body) as {
      readonly prompt: string | readonly string[]
      readonly stream?: boolean
    }
    completions.add(socket, typeof prompt === 'string' ? 1 : prompt.length, stream === true)
    return
  }
  const answer = answers.get(order)
  if (answer !== undefined) {
    socket.write(answer)
    return
  }
  const [cut = '', kind, tokens] = order.split('.')
  socket.write(kind === 'converse' ? converseHead : streamHead)
  if (order === 'open') {
    for (const bytes of prepare('one-event', 'usage', 8).slice(0, 4)) socket.write(bytes)
    return
  }
  const writes = prepare(cut as Cut, kind as Kind, Number(tokens))
  pacers[cut as Cut].add({ socket, writes, position: 0 })
}

function readRequests(socket: Socket): void {
  let received = ''
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
    for (;;) {
      const headEnd = received.indexOf('\r\n\r\n')
      if (headEnd === -1) return
      const length = Number(/content-length: (\d+)/i.exec(received.slice(0, headEnd))?.[1] ?? 0)
      if (received.length < headEnd + 4 + length) return
      const order = received.slice(received.indexOf('/') + 1).split('/', 1)[0] ?? ''
      const body = received.slice(headEnd + 4, headEnd + 4 + length)
      received = received.slice(headEnd + 4 + length)
      reply(socket, order, body)
    }
  })
}

function listen(): Promise<string> {
  const server = createServer(readRequests)
  return new Promise((resolve) => {
    server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
    })
  })
}

/** The question is the number of ports wanted; the answer is their origins. */
answerParent((ports: number) => Promise.all(Array.from({ length: ports }, listen)))
