import { Buffer } from 'node:buffer'
import type { DuoModelErrorCode } from '@duo-models/adapters'
import { encodeConverseEvent, encodeEventStreamMessage } from '@duo-models/adapters/testing'
import { httpChunk } from '../inputs/http-chunk.js'
import { answerPieces, answerText, firstPiece, head, jsonAnswer, lastChunk } from './answer-bytes.js'
import { type FaultCase, secretKey } from './fault-case.js'
import { lastingFault } from './lasting-fault.js'
import { sends, sendsAndResets, sendsInTurn } from './server-behaviours.js'

const answer = { outcome: 'answer', text: answerText } as const
const begun = { outcome: 'error', partialText: firstPiece } as const

const delta = (text: string) =>
  encodeConverseEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { text }, p: 'abc' })
const start = encodeConverseEvent('messageStart', { role: 'assistant', p: 'ab' })
const blockStop = encodeConverseEvent('contentBlockStop', { contentBlockIndex: 0, p: 'abcd' })
const messageStop = encodeConverseEvent('messageStop', { stopReason: 'end_turn', p: 'a' })
const usage = { inputTokens: 12, outputTokens: 6, totalTokens: 18 }
const metadata = encodeConverseEvent('metadata', { metrics: { latencyMs: 300 }, usage, p: 'abcdef' })
const deltas = answerPieces.map(delta)
const good = [start, ...deltas, blockStop, messageStop, metadata]
const begunMessages = [start, delta(firstPiece)]
const rest = [...deltas.slice(1), blockStop, messageStop, metadata]

const exception = (type: string, message: string) =>
  encodeEventStreamMessage(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    JSON.stringify({ message }),
  )

const streamHead = head(200, { 'content-type': 'application/vnd.amazon.eventstream', 'transfer-encoding': 'chunked' })

/** A whole answer of Converse. */
const goodBody = JSON.stringify({
  metrics: { latencyMs: 300 },
  output: { message: { role: 'assistant', content: [{ text: answerText }] } },
  stopReason: 'end_turn',
  usage,
})

const streamAnswer = (messages: readonly Buffer[]) =>
  Buffer.concat([Buffer.from(streamHead), httpChunk(Buffer.concat(messages)), Buffer.from(lastChunk)])

const streams = (...messages: readonly Buffer[]) => sends(streamAnswer(messages))

const refusal = (status: number, type: string, message: string) =>
  jsonAnswer(JSON.stringify({ message }), status, { 'x-amzn-errortype': `${type}:http://internal.amazon.com/coral/` })

/** The same message with a bit turned over. */
function flipped(message: Buffer, position: number): Buffer {
  const copy = Buffer.from(message)
  const index = position < 0 ? copy.length + position : position
  copy.writeUInt8(copy.readUInt8(index) ^ 0x01, index)
  return copy
}

/** The same message with another length, its checksum left as it was. */
function withLength(message: Buffer, length: number): Buffer {
  const copy = Buffer.from(message)
  copy.writeUInt32BE(length, 0)
  return copy
}

/** Servers that speak Bedrock's protocol badly. */
export const bedrockFaults: readonly FaultCase[] = [
  ...damagedMessages(),
  ...unusualStreams(),
  ...failedStreams(),
  ...failedAnswers(),
]

function damagedMessages(): readonly FaultCase[] {
  const damaged = (name: string, message: Buffer): FaultCase => ({
    name,
    kind: 'stream',
    serve: streams(...begunMessages, message, ...rest),
    expected: { ...begun, codes: ['protocol'] },
    maxRequests: 1,
  })
  const second = deltas[1] as Buffer
  return [
    damaged('sends a message whose length has been damaged', flipped(second, 3)),
    damaged('sends a message whose first checksum has been damaged', flipped(second, 9)),
    damaged('sends a message whose header has been damaged', flipped(second, 16)),
    damaged('sends a message whose text has been damaged', flipped(second, second.length - 12)),
    damaged('sends a message whose last checksum has been damaged', flipped(second, -1)),
    damaged('sends a message of 4 GiB', withLength(second, 0xffffffff)),
    damaged('sends a message of four bytes', withLength(second, 4)),
    damaged('sends events of another protocol', Buffer.from('data: {"choices":[]}\n\n')),
  ]
}

function unusualStreams(): readonly FaultCase[] {
  const bytes = Buffer.concat(good)
  const unknown = encodeConverseEvent('somethingNew', { value: 1 })
  const thought = encodeConverseEvent('contentBlockDelta', {
    contentBlockIndex: 0,
    delta: { reasoningContent: { redactedContent: 'aGVsbG8=' } },
  })
  return [
    {
      name: 'sends one byte at a time',
      kind: 'stream',
      serve: sends(
        Buffer.concat([
          Buffer.from(streamHead),
          ...[...bytes].map((byte) => httpChunk(Buffer.of(byte))),
          Buffer.from(lastChunk),
        ]),
      ),
      expected: answer,
    },
    {
      name: 'sends an event that nobody knows',
      kind: 'stream',
      serve: streams(start, unknown, ...good.slice(1)),
      expected: answer,
    },
    {
      name: 'sends a thought that is hidden',
      kind: 'stream',
      serve: streams(start, thought, ...good.slice(1)),
      expected: answer,
    },
    {
      name: 'leaves out the end of a block',
      kind: 'stream',
      serve: streams(start, ...deltas, messageStop, metadata),
      expected: answer,
    },
    {
      name: 'leaves out the start of the message',
      kind: 'stream',
      serve: streams(...deltas, blockStop, messageStop, metadata),
      expected: answer,
    },
    { name: 'leaves out the usage', kind: 'stream', serve: streams(...good.slice(0, -1)), expected: answer },
    {
      name: 'keeps the connection open after the last event',
      kind: 'stream',
      serve: sends(streamHead, httpChunk(bytes)),
      expected: answer,
    },
    {
      name: 'resets the connection after the last event',
      kind: 'stream',
      serve: sendsAndResets(streamHead, httpChunk(bytes)),
      expected: answer,
    },
  ]
}

function failedStreams(): readonly FaultCase[] {
  const failing = (name: string, message: Buffer, codes: readonly DuoModelErrorCode[]): FaultCase => ({
    name,
    kind: 'stream',
    serve: streams(...begunMessages, message),
    expected: { ...begun, codes },
    maxRequests: 1,
  })
  const unnamed = encodeEventStreamMessage(
    { ':message-type': 'error', ':error-code': 'InternalFailure', ':error-message': 'Something broke.' },
    '',
  )
  const cut = Buffer.concat([...begunMessages, (deltas[1] as Buffer).subarray(0, 40)])
  return [
    failing(
      'reports a failure of the model in the middle of a stream',
      exception('modelStreamErrorException', 'Failed.'),
      ['server'],
    ),
    failing(
      'reports that it is overloaded in the middle of a stream',
      exception('serviceUnavailableException', 'Later.'),
      ['overloaded'],
    ),
    failing('reports an error without a model in the middle of a stream', unnamed, ['server']),
    {
      name: 'refuses in its first event, then answers',
      kind: 'stream',
      serve: sendsInTurn(streamAnswer([exception('throttlingException', 'Too many requests.')]), streamAnswer(good)),
      expected: answer,
    },
    {
      name: 'cuts a message',
      kind: 'stream',
      serve: streams(cut),
      expected: { ...begun, codes: ['stream-interrupted'] },
      maxRequests: 1,
    },
    {
      name: 'ends without the end of the message',
      kind: 'stream',
      serve: streams(start, ...deltas, blockStop),
      expected: { outcome: 'error', codes: ['stream-interrupted'], partialText: answerText },
      maxRequests: 1,
    },
    {
      name: 'falls silent in the middle of a stream',
      kind: 'stream',
      serve: sends(Buffer.concat([Buffer.from(streamHead), httpChunk(Buffer.concat(begunMessages))])),
      expected: { ...begun, codes: ['timeout'] },
      maxRequests: 1,
    },
    {
      name: 'answers a stream with a login page',
      kind: 'stream',
      serve: sends(`${head(200, { 'content-type': 'text/html', 'content-length': 15 })}<html>log in   `),
      expected: { outcome: 'error', codes: ['protocol'] },
    },
  ]
}

function failedAnswers(): readonly FaultCase[] {
  const goodAfter = (bytes: string) => sendsInTurn(bytes, jsonAnswer(goodBody))
  return [
    {
      name: 'throttles once',
      kind: 'generate',
      serve: goodAfter(refusal(429, 'ThrottlingException', 'Too many requests.')),
      expected: answer,
      maxRequests: 2,
    },
    {
      name: 'is unavailable once',
      kind: 'generate',
      serve: goodAfter(refusal(503, 'ServiceUnavailableException', 'Later.')),
      expected: answer,
      maxRequests: 2,
    },
    lastingFault('has no quota left', refusal(400, 'ServiceQuotaExceededException', 'Quota exceeded.'), ['quota']),
    lastingFault('denies access', refusal(403, 'AccessDeniedException', "You don't have access to the model."), [
      'permission',
    ]),
    lastingFault(
      'has retired the model',
      refusal(404, 'ResourceNotFoundException', 'This model version has reached the end of its life.'),
      ['model-retired'],
    ),
    lastingFault('answers with an object without an output', jsonAnswer('{"stopReason":"end_turn"}'), ['protocol']),
    lastingFault('answers with null', jsonAnswer('null'), ['protocol']),
    {
      name: 'repeats the key in an error',
      kind: 'generate',
      serve: sends(refusal(400, 'ValidationException', `Bad request, key ${secretKey}`)),
      expected: { outcome: 'error', codes: ['invalid-request'] },
    },
  ]
}
