import type { Socket } from 'node:net'
import type { AdapterConnection } from '../adapter.js'
import type { DuoModelError } from '../errors/duo-model-error.js'
import type { AdapterResponseEndEvent } from '../stream-event.js'
import { type ByteServer, chunked, lastChunk, responseHead, startByteServer } from './byte-server.js'
import { type ConformanceCase, ConformanceFailure, type ConformanceSubject } from './conformance-case.js'
import {
  createCall,
  expectEqual,
  expectNoListener,
  expectSoon,
  expectThat,
  type Outcome,
  readHandedOver,
  readStream,
  readWhole,
} from './conformance-check.js'
import type { ExpectedAbort, ExpectedAnswer, ExpectedError, WireAnswer, WireExchange } from './wire-exchange.js'

/**
 * Makes a case of an exchange. The answer is sent in one piece, then in two pieces cut at every byte of the body, then
 * byte by byte, and read in turn by `next()` and by `handOver()`: the outcome must be the same every time. No listener
 * and no socket may be left behind.
 */
export function createWireCase(exchange: WireExchange): ConformanceCase {
  const { id, name, source, server, expected } = exchange
  const run = async (subject: ConformanceSubject): Promise<void> => {
    if (server === 'refused') await runRefused(subject, exchange)
    else if (expected.outcome === 'abort') await runAborted(subject, exchange, server, expected)
    else await runEveryCut(subject, exchange, server)
  }
  return { id, name, source, run }
}

async function runRefused(subject: ConformanceSubject, exchange: WireExchange): Promise<void> {
  const server = await startByteServer(() => undefined)
  await server.close()
  const connection = await subject.connect(server.origin)
  await runOnce(connection, exchange)
  await connection.close()
}

async function runEveryCut(subject: ConformanceSubject, exchange: WireExchange, answer: WireAnswer): Promise<void> {
  const plans = sendingPlans(bodyOf(answer))
  let number = 0
  await withServer(
    subject,
    (socket) => send(socket, answer, plans[number++]?.parts ?? []),
    async (server) => {
      const connection = await subject.connect(server.origin)
      for (const [index, { description }] of plans.entries()) {
        const read = index % 2 === 0 ? readHandedOver : readStream
        await runDescribed(description, () => runOnce(connection, exchange, read))
      }
      await connection.close()
      await expectSoon(() => server.connections.open === 0, 'A socket is open after the connection was closed.')
      expectEqual('Requests that were sent', server.requests.length, plans.length)
    },
  )
}

async function runAborted(
  subject: ConformanceSubject,
  exchange: WireExchange,
  answer: WireAnswer,
  expected: ExpectedAbort,
): Promise<void> {
  await withServer(
    subject,
    (socket) => send(socket, answer, [bodyOf(answer)]),
    async (server) => {
      const connection = await subject.connect(server.origin)
      const call = createCall()
      const outcome = await readHandedOver(connection, call, (batch) => {
        if (batch.some(({ type }) => type === 'text-delta')) call.controller.abort(new Error('enough'))
      })
      expectEqual('Code of the error', outcome.error?.code, 'aborted')
      expectEqual('Text before the abort', outcome.text, expected.partialText)
      await expectSoon(() => server.connections.open === 0, 'The abort did not close the socket.')
      expectEqual(`Requests sent for ${exchange.id}`, server.requests.length, 1)
      expectNoListener(call)
      await connection.close()
    },
  )
}

/** Starts a server that answers with `reply`, and closes it whatever happens, at the latest when the case is given up. */
export async function withServer(
  { signal }: ConformanceSubject,
  reply: (socket: Socket) => unknown,
  use: (server: ByteServer) => Promise<void>,
): Promise<void> {
  const server = await startByteServer(reply)
  const close = (): void => void server.close()
  signal.addEventListener('abort', close)
  try {
    await use(server)
  } finally {
    signal.removeEventListener('abort', close)
    await server.close()
  }
}

interface SendingPlan {
  readonly description: string
  readonly parts: readonly Buffer[]
}

function sendingPlans(body: Buffer): SendingPlan[] {
  const bytes = Array.from(body, (_byte, index) => body.subarray(index, index + 1))
  const cuts = bytes.slice(1).map((_byte, index) => index + 1)
  return [
    { description: 'in one piece', parts: [body] },
    ...cuts.map((cut) => ({ description: `cut at byte ${cut}`, parts: [body.subarray(0, cut), body.subarray(cut)] })),
    { description: 'byte by byte', parts: bytes },
  ]
}

function bodyOf({ body }: WireAnswer): Buffer {
  return Buffer.concat(
    body.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece.hex, 'hex'))),
  )
}

async function send(socket: Socket, { status, headers, end }: WireAnswer, parts: readonly Buffer[]): Promise<void> {
  const hasLength = headers.some(([name]) => name.toLowerCase() === 'content-length')
  // Without this the network joins what was cut.
  socket.setNoDelay(true)
  socket.write(responseHead(status, hasLength ? headers : [...headers, ['transfer-encoding', 'chunked']]))
  for (const part of parts) {
    if (part.length > 0) socket.write(hasLength ? part : chunked(part))
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (end === 'end' && !hasLength) socket.write(lastChunk)
  if (end === 'reset') socket.resetAndDestroy()
}

async function runDescribed(description: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (cause) {
    if (!(cause instanceof ConformanceFailure)) throw cause
    throw new ConformanceFailure(`Sent ${description}: ${cause.message}`, { cause })
  }
}

async function runOnce(
  connection: AdapterConnection,
  exchange: WireExchange,
  read: typeof readStream = readStream,
): Promise<void> {
  const call = createCall()
  const outcome = await (exchange.isStreamed ? read : readWhole)(connection, call)
  expectNoListener(call)
  const { expected } = exchange
  if (expected.outcome === 'error') expectError(outcome, expected, exchange.isStreamed)
  else if (expected.outcome === 'answer') expectAnswer(outcome, expected)
}

function expectAnswer(outcome: Outcome, expected: ExpectedAnswer): void {
  if (expected.orCode !== undefined && outcome.error?.code === expected.orCode) return
  if (outcome.error) throw new ConformanceFailure(`Failed with '${outcome.error.code}': ${outcome.error.message}`)
  expectEqual('Text', outcome.text, expected.text)
  const end = lastEvent(outcome)
  expectEqual("Finish reason in the server's words", end.finishReason.raw, expected.rawFinishReason)
  if (expected.usage) expectEqual('Usage', end.usage, expected.usage)
  if (expected.toolCalls) expectEqual('Tool calls', toolCallsOf(outcome), expected.toolCalls)
}

function lastEvent({ events }: Outcome): AdapterResponseEndEvent {
  expectEqual('First event', events[0]?.type, 'response-start')
  const last = events.at(-1)
  expectThat(last?.type === 'response-end', `The last event is ${last?.type ?? 'missing'}, not response-end.`)
  expectEqual('Number of response-end events', events.filter(({ type }) => type === 'response-end').length, 1)
  return last
}

function toolCallsOf({ events }: Outcome): unknown[] {
  return events.flatMap((event) =>
    event.type === 'tool-call-end' ? [{ id: event.id, name: event.name, arguments: event.arguments }] : [],
  )
}

function expectError({ error, events, text }: Outcome, expected: ExpectedError, isStreamed: boolean): void {
  expectThat(error !== undefined, `Succeeded with the text ${JSON.stringify(text)}; expected '${expected.code}'.`)
  expectEqual('Code of the error', error.code, expected.code)
  expectThat(
    !events.some(({ type }) => type === 'response-end'),
    'There is a response-end although the request failed.',
  )
  if (expected.retryable !== undefined) expectEqual('retryable', error.retryable, expected.retryable)
  if (expected.status !== undefined) expectEqual('status', error.status, expected.status)
  if (expected.retryAfterMs !== undefined) expectEqual('retryAfterMs', error.retryAfterMs, expected.retryAfterMs)
  if (expected.partialText !== undefined) expectPartialText(error, isStreamed ? text : '', expected.partialText)
  for (const [name, value] of Object.entries(expected.fields ?? {})) expectEqual(name, Reflect.get(error, name), value)
  const words = expected.messageContains
  if (words !== undefined)
    expectThat(error.message.includes(words), `The message does not say ${JSON.stringify(words)}: ${error.message}`)
}

/** The client adds to an error what reached it as events, so an adapter need not. */
function expectPartialText(error: DuoModelError, streamed: string, expected: string): void {
  expectEqual('Text before the failure', error.partial?.text ?? streamed, expected)
}
