import type { Socket } from 'node:net'
import { chunked, responseHead } from './byte-server.js'
import type { ConformanceCase } from './conformance-case.js'
import {
  createCall,
  expectEqual,
  expectNoListener,
  expectSoon,
  expectThat,
  plainRequest,
  readStream,
  typedErrorOf,
} from './conformance-check.js'
import { withServer } from './create-wire-case.js'

/** The bytes of an endless answer, in the protocol of the adapter. */
export interface EndlessAnswer {
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** What comes before the first text. */
  readonly start: string | Uint8Array
  /** A piece of text; it is sent again and again. */
  readonly delta: string | Uint8Array
}

/** An endless answer of the OpenAI format. */
export const openAIFormatEndlessAnswer: EndlessAnswer = {
  headers: [['content-type', 'text/event-stream; charset=utf-8']],
  start: 'data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n',
  delta: `data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"${'x'.repeat(1024)}"}}]}\n\n`,
}

const contract = 'the contract in adapter.ts'

/** What an adapter does beyond reading answers: give up, stop, and wait. */
export function createBehaviourCases(answer: EndlessAnswer): readonly ConformanceCase[] {
  return [
    abortBeforeSending(),
    abortWhileSilent(),
    abortWhileStreaming(answer),
    stopReading(answer),
    slowConsumer(answer),
    manyCallsOneSignal(answer),
  ]
}

function abortBeforeSending(): ConformanceCase {
  return {
    id: 'abort-before-sending',
    name: 'A call that is aborted already sends nothing',
    source: contract,
    run: (subject) =>
      withServer(
        subject,
        () => undefined,
        async (server) => {
          const connection = await subject.connect(server.origin)
          const call = createCall()
          call.controller.abort(new Error('enough'))
          const whole = await typedErrorOf(() => connection.generate(plainRequest, call))
          expectEqual('Code of generate()', whole?.code, 'aborted')
          expectEqual('Code of stream()', (await readStream(connection, call)).error?.code, 'aborted')
          expectEqual('Requests that were sent', server.requests.length, 0)
          expectNoListener(call)
          await connection.close()
        },
      ),
  }
}

function abortWhileSilent(): ConformanceCase {
  return {
    id: 'abort-while-silent',
    name: 'An abort settles a call whose server never answers, and closes the socket',
    source: contract,
    run: (subject) =>
      withServer(
        subject,
        () => undefined,
        async (server) => {
          const connection = await subject.connect(server.origin)
          const call = createCall()
          const whole = typedErrorOf(() => connection.generate(plainRequest, call))
          const streamed = readStream(connection, call)
          await expectSoon(() => server.requests.length === 2, 'The requests did not arrive.')
          call.controller.abort(new Error('enough'))
          expectEqual('Code of generate()', (await whole)?.code, 'aborted')
          expectEqual('Code of stream()', (await streamed).error?.code, 'aborted')
          await expectSoon(() => server.connections.open === 0, 'The abort did not close the sockets.')
          expectNoListener(call)
          await connection.close()
        },
      ),
  }
}

function abortWhileStreaming(answer: EndlessAnswer): ConformanceCase {
  return {
    id: 'abort-while-streaming',
    name: 'An abort in the middle of an answer throws, and closes the socket',
    source: contract,
    run: (subject) =>
      withServer(
        subject,
        (socket) => writeEndlessly(socket, answer),
        async (server) => {
          const connection = await subject.connect(server.origin)
          const call = createCall()
          const { error } = await readStream(connection, call, (batch) => {
            if (batch.some(({ type }) => type === 'text-delta')) call.controller.abort(new Error('enough'))
          })
          expectEqual('Code of the error', error?.code, 'aborted')
          await expectSoon(() => server.connections.open === 0, 'The abort did not close the socket.')
          expectNoListener(call)
          await connection.close()
        },
      ),
  }
}

function stopReading(answer: EndlessAnswer): ConformanceCase {
  return {
    id: 'stop-reading',
    name: 'A consumer that stops reading closes the socket',
    source: contract,
    run: (subject) =>
      withServer(
        subject,
        (socket) => writeEndlessly(socket, answer),
        async (server) => {
          const connection = await subject.connect(server.origin)
          const call = createCall()
          for await (const _batch of connection.stream(plainRequest, call)) break
          await expectSoon(() => server.connections.open === 0, 'The socket stays open.')
          expectNoListener(call)
          await connection.close()
        },
      ),
  }
}

/** More than all buffers between the two sides can hold: those of both kernels, and the adapter's own. */
const tooManyBytes = 64 * 1024 * 1024

function slowConsumer(answer: EndlessAnswer): ConformanceCase {
  return {
    id: 'slow-consumer',
    name: 'A consumer that takes its time slows the server: what waits in memory is bounded',
    source: contract,
    run: async (subject) => {
      let isBlocked = false
      let sentBytes = 0
      const onBlocked = (bytes: number): void => {
        isBlocked = true
        sentBytes = bytes
      }
      await withServer(
        subject,
        (socket) => writeEndlessly(socket, answer, onBlocked),
        async (server) => {
          const connection = await subject.connect(server.origin)
          const iterator = connection.stream(plainRequest, createCall())[Symbol.asyncIterator]()
          await iterator.next()
          await expectSoon(() => isBlocked, 'The server could send without end although nobody was reading.')
          expectThat(sentBytes < tooManyBytes, `The server could send ${sentBytes} bytes although nobody was reading.`)
          await iterator.return?.()
          await connection.close()
        },
      )
    },
  }
}

function manyCallsOneSignal(answer: EndlessAnswer): ConformanceCase {
  return {
    id: 'many-calls-one-signal',
    name: 'One signal ends many calls at once, and nothing listens to it afterwards',
    source: contract,
    run: (subject) =>
      withServer(
        subject,
        (socket) => writeEndlessly(socket, answer),
        async (server) => {
          const connection = await subject.connect(server.origin)
          const call = createCall()
          const calls = Array.from({ length: 4 }, () => readStream(connection, call))
          await expectSoon(() => server.requests.length === 4, 'Four calls at once did not arrive at the server.')
          call.controller.abort(new Error('enough'))
          for (const { error } of await Promise.all(calls)) expectEqual('Code of the error', error?.code, 'aborted')
          await expectSoon(() => server.connections.open === 0, 'The abort did not close every socket.')
          expectNoListener(call)
          await connection.close()
        },
      ),
  }
}

/** How long a socket must refuse data to count as blocked. */
const blockedMs = 300

/** Writes as fast as the other side reads; reports the bytes sent once it has not read for a while. */
function writeEndlessly(socket: Socket, answer: EndlessAnswer, onBlocked?: (bytes: number) => void): void {
  const delta = chunked(Buffer.from(answer.delta))
  socket.write(responseHead(200, [...answer.headers, ['transfer-encoding', 'chunked']]))
  socket.write(chunked(Buffer.from(answer.start)))
  let timer: NodeJS.Timeout | undefined
  const write = (): void => {
    clearTimeout(timer)
    if (socket.destroyed) return
    while (socket.write(delta));
    timer = setTimeout(() => onBlocked?.(socket.bytesWritten), blockedMs)
  }
  socket.on('drain', write)
  socket.on('close', () => clearTimeout(timer))
  write()
}
