import type { Socket } from 'node:net'
import type { AdapterCall, AdapterConnection } from '../adapter.js'
import type { CompletionRequest } from '../adapter-request.js'
import type { DuoModelErrorCode } from '../errors/duo-model-error-code.js'
import { type ByteServer, chunked, jsonAnswer, lastChunk, responseHead } from './byte-server.js'
import { type ConformanceCase, ConformanceSkip, type ConformanceSubject } from './conformance-case.js'
import {
  createCall,
  expectEqual,
  expectNoListener,
  expectSoon,
  expectThat,
  type Outcome,
  readBatches,
} from './conformance-check.js'
import { withServer } from './create-wire-case.js'
import { handedOver } from './handed-over.js'

/** The bytes of an answer to several prompts at once, in the protocol of the adapter. */
export interface SharedAnswer {
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** A piece of the text of one prompt, by its place in the list. */
  text(index: number, text: string): string
  /** The end of the answer to one prompt. */
  end(index: number): string
  /** What follows when all have ended. */
  readonly done: string
  /** A failure of the whole, in the middle of the stream. */
  readonly error: string
  /** The code it must have. */
  readonly errorCode: DuoModelErrorCode
}

/** Several prompts in one answer of the OpenAI format. */
export const openAIFormatSharedAnswer: SharedAnswer = {
  headers: [['content-type', 'text/event-stream; charset=utf-8']],
  text: (index, text) => completionChunk({ index, text, finish_reason: null }),
  end: (index) => completionChunk({ index, text: '', finish_reason: 'stop' }),
  done: 'data: [DONE]\n\n',
  error: 'data: {"error":{"message":"The engine died.","type":"InternalServerError","code":500}}\n\n',
  errorCode: 'server',
}

function completionChunk(choice: Readonly<Record<string, unknown>>): string {
  return `data: ${JSON.stringify({ id: '1', model: 'm', choices: [choice] })}\n\n`
}

/** What an adapter does that can send several raw prompts in one request; the cases are skipped for one that cannot. */
export function createSharedRequestCases(answer: SharedAnswer): readonly ConformanceCase[] {
  return [
    ownEvents(answer),
    cutAnywhere(answer),
    abortOfOne(answer),
    stopReadingOne(answer),
    errorForAll(answer),
    refusalForAll(),
  ]
}

const contract = 'streamMany() in adapter.ts'

type SharingConnection = AdapterConnection & Required<Pick<AdapterConnection, 'sharingKey' | 'streamMany'>>
type TestCall = ReturnType<typeof createCall>
type Batches = ReturnType<SharingConnection['streamMany']>[number]

/** A piece of an answer that several share: what it adds to the answer of one, or that it ends it. */
interface Piece {
  readonly index: number
  readonly text?: string
}

const prompts = ['first', 'second', 'third']
/** Out of order, and the one that was asked first ends in the middle. */
const pieces: readonly Piece[] = [
  { index: 1, text: 'b0' },
  { index: 0, text: 'a0 é' },
  { index: 0 },
  { index: 2, text: 'c0' },
  { index: 1, text: 'b1' },
  { index: 2, text: 'c1' },
  { index: 2 },
  { index: 1 },
]
const texts = prompts.map((_, index) => textOf(pieces, index))

function ownEvents(answer: SharedAnswer): ConformanceCase {
  return sharedCase({
    id: 'shared-own-events',
    name: 'Prompts that share a request each get the events of their own answer',
    reply: (socket) => writeEnd(socket, `${pieces.map((piece) => write(piece, answer)).join('')}${answer.done}`),
    head: answer,
    run: async (connection, server) => {
      const keys = new Set(prompts.map((prompt) => connection.sharingKey(request(prompt))))
      expectEqual('Sharing keys of prompts that differ in nothing else', keys.size, 1)
      expectThat(!keys.has(undefined), 'Plain prompts have no sharing key.')
      const outcomes = await readAll(connection)
      for (const [index, outcome] of outcomes.entries()) {
        expectEqual('First event', outcome.events[0]?.type, 'response-start')
        expectAnswer(outcome, texts[index] as string)
      }
      expectEqual('Requests that were sent', server.requests.length, 1)
    },
  })
}

function cutAnywhere(answer: SharedAnswer): ConformanceCase {
  const bodies = pieces.map((piece) => Buffer.from(write(piece, answer)))
  const body = Buffer.concat(bodies)
  let cut = 0
  return sharedCase({
    id: 'shared-cut',
    name: 'A body cut at any byte interrupts each answer that had not ended, with what had come of it',
    reply: (socket) => {
      if (cut > 0) socket.write(chunked(body.subarray(0, cut)))
      // By turns the proper end of a body, and a connection that breaks.
      if (cut % 2 === 0) socket.write(lastChunk)
      else setImmediate(() => socket.destroy())
    },
    head: answer,
    run: async (connection) => {
      for (cut = 0; cut < body.length; cut += 1) {
        // A piece of which only what separates it from the next is missing may count or not.
        const arrived = arrivedPieces(bodies, cut, 0)
        const likely = arrivedPieces(bodies, cut, separatorLength)
        const outcomes = await readAll(connection)
        for (const [index, outcome] of outcomes.entries())
          expectCut(`Cut at byte ${cut}`, outcome, index, arrived, likely)
      }
    },
  })
}

function abortOfOne(answer: SharedAnswer): ConformanceCase {
  return leavingCase(answer, {
    id: 'shared-abort',
    name: 'A caller who aborts ends alone: the others go on, and the socket closes with the last one',
    leave: (_stream, call) => call.controller.abort(new Error('enough')),
    endsWith: 'aborted',
  })
}

function stopReadingOne(answer: SharedAnswer): ConformanceCase {
  return leavingCase(answer, {
    id: 'shared-stop-reading',
    name: 'A caller who stops reading ends alone: the others go on, and the socket closes with the last one',
    leave: (stream) => void stream.return?.(),
    endsWith: undefined,
  })
}

interface Leaving {
  readonly id: string
  readonly name: string
  /** What a caller does to leave. */
  readonly leave: (stream: AsyncIterator<unknown>, call: TestCall) => void
  /** The code of the error its stream ends with; `undefined` for none. */
  readonly endsWith: DuoModelErrorCode | undefined
}

/** One leaves after the first text, and the others get theirs; then the server goes on without end until all have left. */
function leavingCase(answer: SharedAnswer, { id, name, leave, endsWith }: Leaving): ConformanceCase {
  let goOn = (): void => undefined
  return sharedCase({
    id,
    name,
    reply: (socket) => {
      socket.write(chunked(prompts.map((_, index) => answer.text(index, `${index}`)).join('')))
      goOn = () => socket.write(chunked(answer.text(0, 'more') + answer.text(1, 'more') + answer.end(1)))
    },
    head: answer,
    run: async (connection, server) => {
      const { calls, streams } = open(connection)
      const iterators = streams.map((stream) => stream[Symbol.asyncIterator]())
      const firsts = await Promise.all(iterators.map((iterator) => iterator.next()))
      expectThat(
        firsts.every(({ done }) => done !== true),
        'A stream ended before its answer had.',
      )
      const [first, second, third] = iterators as [Iterator, Iterator, Iterator]
      leave(first, calls[0] as TestCall)
      expectEqual('End of who left', (await readOn(first)).error?.code, endsWith)
      goOn()
      expectAnswer(await readOn(second), 'more')
      expectEqual('Sockets that are open while one waits', server.connections.open, 1)
      leave(third, calls[2] as TestCall)
      await readOn(third)
      await expectSoon(() => server.connections.open === 0, 'The socket stays open although all have left.')
      for (const call of calls) expectNoListener(call)
    },
  })
}

function errorForAll(answer: SharedAnswer): ConformanceCase {
  return sharedCase({
    id: 'shared-error',
    name: 'An error inside the stream reaches each caller whose answer had not ended, with what had come of it',
    reply: (socket) => {
      const before = pieces.slice(0, 4).map((piece) => write(piece, answer))
      writeEnd(socket, `${before.join('')}${answer.error}${answer.done}`)
    },
    head: answer,
    run: async (connection) => {
      const outcomes = await readAll(connection)
      const [ended, ...failed] = outcomes as [Outcome, ...Outcome[]]
      expectAnswer(ended, texts[0] as string)
      for (const [at, outcome] of failed.entries())
        expectFailure(outcome, answer.errorCode, textOf(pieces.slice(0, 4), at + 1))
      expectErrorsOfTheirOwn(failed)
    },
  })
}

function refusalForAll(): ConformanceCase {
  return sharedCase({
    id: 'shared-refusal',
    name: 'A refusal reaches each caller as an error of its own',
    reply: (socket) => socket.write(jsonAnswer(401, '{"error":{"message":"no","type":"unauthorized","code":401}}')),
    head: undefined,
    run: async (connection) => {
      const outcomes = await readAll(connection)
      for (const outcome of outcomes) expectFailure(outcome, 'authentication', '')
      expectErrorsOfTheirOwn(outcomes)
    },
  })
}

type Iterator = ReturnType<Batches[typeof Symbol.asyncIterator]>

interface SharedCase extends Pick<ConformanceCase, 'id' | 'name'> {
  readonly reply: (socket: Socket) => void
  /** Whose head is written before; `undefined` where the reply has its own. */
  readonly head: SharedAnswer | undefined
  readonly run: (connection: SharingConnection, server: ByteServer) => Promise<void>
}

function sharedCase({ id, name, reply, head, run }: SharedCase): ConformanceCase {
  const answer = (socket: Socket): void => {
    // Without this the network joins what was cut.
    socket.setNoDelay(true)
    if (head) socket.write(responseHead(200, [...head.headers, ['transfer-encoding', 'chunked']]))
    reply(socket)
  }
  const runShared = (subject: ConformanceSubject): Promise<void> =>
    withServer(subject, answer, async (server) => {
      const connection = await subject.connect(server.origin)
      try {
        await run(sharing(connection), server)
      } finally {
        await connection.close()
      }
    })
  return { id, name, source: contract, run: runShared }
}

function sharing(connection: AdapterConnection): SharingConnection {
  const { sharingKey, streamMany } = connection
  if (sharingKey !== undefined && streamMany !== undefined) return connection as SharingConnection
  if (sharingKey === undefined && streamMany === undefined)
    throw new ConformanceSkip('The adapter has no streamMany(): prompts do not share requests.')
  throw new Error('The adapter has one of sharingKey() and streamMany(); it takes both.')
}

function request(prompt: string): CompletionRequest {
  return { kind: 'completion', prompt, maxOutputTokens: 64 }
}

function open(connection: SharingConnection): { calls: readonly TestCall[]; streams: readonly Batches[] } {
  const calls = prompts.map(() => createCall())
  const streams = connection.streamMany(prompts.map(request), calls satisfies readonly AdapterCall[])
  expectEqual('Number of streams', streams.length, prompts.length)
  return { calls, streams }
}

/** Sends the prompts in one request and reads all answers, by turns as the two ways to read a stream allow. */
async function readAll(connection: SharingConnection): Promise<readonly Outcome[]> {
  const { calls, streams } = open(connection)
  const outcomes = await Promise.all(
    streams.map((stream, index) => readBatches(() => (index % 2 === 0 ? handedOver(stream) : stream))),
  )
  for (const call of calls) expectNoListener(call)
  return outcomes
}

/** Reads what is left of a stream that was begun. */
function readOn(iterator: Iterator): Promise<Outcome> {
  return readBatches(() => ({ [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) }))
}

function write({ index, text }: Piece, answer: SharedAnswer): string {
  return text === undefined ? answer.end(index) : answer.text(index, text)
}

function writeEnd(socket: Socket, body: string): void {
  socket.write(Buffer.concat([chunked(body), Buffer.from(lastChunk)]))
}

function textOf(some: readonly Piece[], wanted: number): string {
  return some.map(({ index, text = '' }) => (index === wanted ? text : '')).join('')
}

/** What a message begins with. */
const sharedRequest = 'A shared request'

/** The blank line between two events. */
const separatorLength = 2

/** The pieces of which all bytes have come but, at most, so many at their end. */
function arrivedPieces(bodies: readonly Buffer[], cut: number, missing: number): readonly Piece[] {
  let end = 0
  return pieces.filter((_, at) => {
    end += bodies[at]?.length ?? 0
    return end - missing <= cut
  })
}

function expectCut(
  where: string,
  outcome: Outcome,
  index: number,
  arrived: readonly Piece[],
  likely: readonly Piece[],
): void {
  const prefix = `${where}, answer ${index}`
  const hasEnded = (some: readonly Piece[]): boolean =>
    some.some((piece) => piece.index === index && !('text' in piece))
  if (hasEnded(arrived) || (hasEnded(likely) && outcome.error === undefined)) {
    expectAnswer(outcome, texts[index] as string, prefix)
    return
  }
  expectThat(
    outcome.error !== undefined,
    `${prefix}: succeeded with ${JSON.stringify(outcome.text)}, and had not ended.`,
  )
  const isLikely = receivedText(outcome) === textOf(likely, index)
  expectFailure(outcome, 'stream-interrupted', textOf(isLikely ? likely : arrived, index), prefix)
}

function expectAnswer({ events, text, error }: Outcome, expected: string, prefix = sharedRequest): void {
  expectEqual(`${prefix}: code of the error`, error?.code, undefined)
  expectEqual(`${prefix}: text`, text, expected)
  expectEqual(`${prefix}: last event`, events.at(-1)?.type, 'response-end')
  const ends = events.filter(({ type }) => type === 'response-end')
  expectEqual(`${prefix}: number of response-end events`, ends.length, 1)
}

function expectFailure(outcome: Outcome, code: DuoModelErrorCode, text: string, prefix = sharedRequest): void {
  const { error, events } = outcome
  expectEqual(`${prefix}: code of the error`, error?.code, code)
  expectThat(!events.some(({ type }) => type === 'response-end'), `${prefix}: there is a response-end all the same.`)
  expectEqual(`${prefix}: text before the failure`, receivedText(outcome), text)
}

/** The client adds to an error what reached it as events, so an adapter need not. */
function receivedText({ error, text }: Outcome): string {
  return error?.partial?.text ?? text
}

/** What is added to one, such as the partial answer, must not show in another. */
function expectErrorsOfTheirOwn(outcomes: readonly Outcome[]): void {
  const errors = new Set(outcomes.map(({ error }) => error))
  expectEqual('Number of errors', errors.size, outcomes.length)
}
