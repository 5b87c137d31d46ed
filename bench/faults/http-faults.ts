import { gzipSync } from 'node:zlib'
import { httpChunk } from '../inputs/http-chunk.js'
import {
  answerText,
  begunEvents,
  errorBody,
  firstPiece,
  goodBody,
  goodEvents,
  head,
  jsonAnswer,
  lastChunk,
  streamAnswer,
  streamHead,
  writeSlowly,
  writeWithoutEnd,
} from './answer-bytes.js'
import type { FaultCase } from './fault-case.js'
import type { FaultServerBehaviour } from './fault-server.js'
import { sends, sendsAndCloses, sendsAndResets } from './server-behaviours.js'

const answer = { outcome: 'answer', text: answerText } as const
const timeout = { outcome: 'error', codes: ['timeout'] } as const
const protocol = { outcome: 'error', codes: ['protocol'] } as const
const begun = { outcome: 'error', partialText: firstPiece } as const
const json = { 'content-type': 'application/json' } as const
const sse = { 'content-type': 'text/event-stream' } as const

/** What goes wrong in HTTP itself. */
export const httpFaults: readonly FaultCase[] = [
  ...silenceFaults(),
  ...cutFaults(),
  ...framingFaults(),
  ...headFaults(),
  ...encodingFaults(),
  ...floodFaults(),
]

function silenceFaults(): readonly FaultCase[] {
  return [
    { name: 'sends the head a byte at a time', kind: 'generate', serve: dripping, expected: timeout },
    { name: 'sends a head and no events', kind: 'stream', serve: sends(streamHead), expected: timeout },
    {
      name: 'falls silent in the middle of a stream',
      kind: 'stream',
      serve: sends(streamHead, httpChunk(begunEvents)),
      expected: { ...begun, codes: ['timeout'] },
      maxRequests: 1,
    },
    {
      name: 'sends comments and no events',
      kind: 'stream',
      serve: () => withComments(''),
      expected: timeout,
    },
    {
      name: 'sends comments in the middle of a stream',
      kind: 'stream',
      serve: () => withComments(begunEvents),
      expected: { ...begun, codes: ['timeout'] },
      maxRequests: 1,
    },
    {
      name: 'falls silent in the middle of a whole answer',
      kind: 'generate',
      serve: sends(head(200, { ...json, 'content-length': 5_000 }), goodBody.slice(0, 40)),
      expected: timeout,
    },
  ]
}

/** The good head, forever not finished. */
function dripping(): FaultServerBehaviour {
  return {
    onRequest: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-slow: ')
      writeSlowly(socket, new Array<Buffer>(600).fill(Buffer.from('x')), 20)
    },
  }
}

function withComments(events: string): FaultServerBehaviour {
  return {
    onRequest: (socket) => {
      socket.write(streamHead)
      if (events !== '') socket.write(httpChunk(events))
      writeSlowly(socket, new Array<Buffer>(600).fill(httpChunk(': keep-alive\n\n')), 20)
    },
  }
}

function cutFaults(): readonly FaultCase[] {
  const interrupted = ['stream-interrupted', 'connection'] as const
  return [
    {
      name: 'resets in the middle of the head',
      kind: 'generate',
      serve: sendsAndResets('HTTP/1.1 200 OK\r\ncontent-ty'),
      expected: { outcome: 'error', codes: interrupted },
    },
    {
      name: 'closes in the middle of the head',
      kind: 'stream',
      serve: sendsAndCloses('HTTP/1.1 200 OK\r\ncontent-ty'),
      expected: { outcome: 'error', codes: [...interrupted, 'protocol'] },
    },
    {
      name: 'resets in the middle of a stream',
      kind: 'stream',
      serve: sendsAndResets(streamHead, httpChunk(begunEvents)),
      expected: { ...begun, codes: interrupted },
      maxRequests: 1,
    },
    {
      name: 'closes in the middle of a chunk',
      kind: 'stream',
      serve: sendsAndCloses(streamHead, httpChunk(begunEvents), '4000\r\ndata: {"id":"1",'),
      expected: { ...begun, codes: interrupted },
      maxRequests: 1,
    },
    {
      name: 'closes between chunks, without the last one',
      kind: 'stream',
      serve: sendsAndCloses(streamHead, httpChunk(begunEvents)),
      expected: { ...begun, codes: interrupted },
      maxRequests: 1,
    },
    {
      name: 'closes a stream whose end is its close, too early',
      kind: 'stream',
      serve: sendsAndCloses(head(200, { ...sse, connection: 'close' }), begunEvents),
      expected: { ...begun, codes: interrupted },
      maxRequests: 1,
    },
    {
      name: 'ends a stream whose end is its close',
      kind: 'stream',
      serve: sendsAndCloses(head(200, { ...sse, connection: 'close' }), goodEvents),
      expected: answer,
    },
    {
      name: 'closes a whole answer short of its length',
      kind: 'generate',
      serve: sendsAndCloses(head(200, { ...json, 'content-length': goodBody.length + 500 }), goodBody),
      expected: { outcome: 'error', codes: interrupted },
    },
    {
      name: 'closes a whole answer whose end is its close, too early',
      kind: 'generate',
      serve: sendsAndCloses(head(200, { ...json, connection: 'close' }), goodBody.slice(0, -30)),
      expected: { outcome: 'error', codes: [...interrupted, 'protocol'] },
    },
    {
      name: 'gives a length shorter than the answer',
      kind: 'generate',
      serve: sends(head(200, { ...json, 'content-length': 40 }), goodBody),
      expected: { outcome: 'error', codes: [...interrupted, 'protocol'] },
    },
  ]
}

function framingFaults(): readonly FaultCase[] {
  const both = { ...json, 'content-length': Buffer.byteLength(goodBody), 'transfer-encoding': 'chunked' }
  const length = Buffer.byteLength(goodBody)
  return [
    {
      name: 'frames an answer in two ways',
      kind: 'generate',
      serve: sends(head(200, both), httpChunk(goodBody), lastChunk),
      expected: protocol,
    },
    {
      name: 'gives two different lengths',
      kind: 'generate',
      serve: sends(
        head(200, json).replace('\r\n\r\n', `\r\ncontent-length: 20\r\ncontent-length: ${length}\r\n\r\n`),
        goodBody,
      ),
      expected: protocol,
    },
    {
      name: 'gives a negative length',
      kind: 'generate',
      serve: sends(head(200, { ...json, 'content-length': -5 }), goodBody),
      expected: protocol,
    },
    {
      name: 'gives a chunk size that is no number',
      kind: 'stream',
      serve: sends(streamHead, 'zz\r\n', goodEvents, '\r\n', lastChunk),
      expected: protocol,
    },
    {
      name: 'gives a chunk size beyond 64 bits',
      kind: 'stream',
      serve: sends(streamHead, 'fffffffffffffffff\r\n', goodEvents),
      expected: protocol,
    },
    {
      name: 'uses chunk extensions and trailers',
      kind: 'stream',
      serve: sends(
        streamHead,
        `${Buffer.byteLength(goodEvents).toString(16)};name=value;other="a b"\r\n${goodEvents}\r\n`,
        '0\r\nx-checksum: 12\r\n\r\n',
      ),
      expected: answer,
    },
  ]
}

function headFaults(): readonly FaultCase[] {
  const flood = 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(20_000)
  return [
    {
      name: 'answers with status 000',
      kind: 'generate',
      serve: sends(head('000 Nothing', { ...json, 'content-length': 2 }), '{}'),
      expected: { outcome: 'error', codes: ['protocol', 'server'] },
    },
    {
      name: 'answers with status 999',
      kind: 'generate',
      serve: sends(head('999 Denied', { ...json, 'content-length': 2 }), '{}'),
      expected: { outcome: 'error', codes: ['protocol', 'server'] },
    },
    {
      name: 'answers with a status that is a word',
      kind: 'stream',
      serve: sends(head('OK 200', { ...sse }), goodEvents),
      expected: protocol,
    },
    {
      name: 'gives no reason phrase, and headers in capitals',
      kind: 'stream',
      serve: sends(
        'HTTP/1.1 200\r\nCONTENT-TYPE: TEXT/EVENT-STREAM\r\nTRANSFER-ENCODING: CHUNKED\r\n\r\n',
        httpChunk(goodEvents),
        lastChunk,
      ),
      expected: answer,
    },
    {
      name: 'sends a NUL in a header',
      kind: 'generate',
      serve: sends(head(200, { ...json, 'x-note': 'a\0b', 'content-length': length() }), goodBody),
      expected: { outcome: 'answer or error', text: answerText, codes: ['protocol'] },
    },
    {
      name: 'sends a header of 256 KiB',
      kind: 'generate',
      serve: sends(head(200, { ...json, 'x-note': 'x'.repeat(262_144), 'content-length': length() }), goodBody),
      expected: { outcome: 'answer or error', text: answerText, codes: ['protocol'] },
    },
    {
      name: 'sends 5,000 headers',
      kind: 'stream',
      serve: sends(
        head(200, { ...sse, ...manyHeaders(5_000), 'transfer-encoding': 'chunked' }),
        httpChunk(goodEvents),
        lastChunk,
      ),
      expected: { outcome: 'answer or error', text: answerText, codes: ['protocol'] },
    },
    {
      name: 'sends an interim answer first',
      kind: 'stream',
      serve: sends('HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n', streamAnswer(goodEvents)),
      expected: answer,
    },
    {
      name: 'sends interim answers and nothing else',
      kind: 'generate',
      serve: sends(flood),
      expected: { outcome: 'error', codes: ['protocol', 'timeout'] },
    },
    { name: 'answers 204', kind: 'generate', serve: sends(head(204)), expected: protocol },
    {
      name: 'answers a stream with an empty 200',
      kind: 'stream',
      serve: sends(head(200, { 'content-length': 0 })),
      expected: { outcome: 'error', codes: ['protocol', 'stream-interrupted'] },
    },
    {
      name: 'answers with an empty 200',
      kind: 'generate',
      serve: sends(head(200, { ...json, 'content-length': 0 })),
      expected: protocol,
    },
    {
      name: 'refuses a long prompt while it is still being sent',
      kind: 'generate',
      promptCharacters: 4_000_000,
      serve: () => ({
        onHead: (socket) => {
          socket.write(jsonAnswer(errorBody('The request is too large.', 413, 'BadRequestError'), 413))
          setTimeout(() => socket.resetAndDestroy(), 20)
        },
      }),
      expected: { outcome: 'error', codes: ['invalid-request', 'connection'] },
    },
    {
      name: 'reads a long prompt slowly',
      kind: 'generate',
      promptCharacters: 1_000_000,
      serve: () => ({
        onConnection: (socket) => {
          const rest = () => {
            socket.pause()
            setTimeout(() => socket.resume(), 2)
          }
          socket.on('data', rest)
        },
        onRequest: (socket) => void socket.write(jsonAnswer(goodBody)),
      }),
      expected: answer,
    },
  ]
}

function length(): number {
  return Buffer.byteLength(goodBody)
}

function manyHeaders(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-header-${index}`, index]))
}

function encodingFaults(): readonly FaultCase[] {
  const gzip = { ...json, 'content-encoding': 'gzip' }
  const whole = gzipSync(goodBody)
  const corrupt = Buffer.from(whole).fill(0xff, 20, 60)
  const compressed = (bytes: Buffer, close = false) =>
    (close ? sendsAndCloses : sends)(head(200, { ...gzip, 'content-length': bytes.length }), bytes)
  const refused = { outcome: 'error', codes: ['protocol', 'stream-interrupted'] } as const
  const chain = head(200, { ...json, 'content-encoding': new Array(1_000).fill('gzip').join(', ') })
  // A body of many gzip members is one of their contents together.
  const blanks = gzipSync(Buffer.alloc(16 * 1024 * 1024, 0x20))
  const bomb = Buffer.concat([gzipSync('{"choices":['), ...new Array<Buffer>(16).fill(blanks)])
  return [
    {
      name: 'compresses an answer although nobody can read that',
      kind: 'generate',
      serve: compressed(whole),
      expected: { outcome: 'answer or error', text: answerText, codes: ['protocol'] },
    },
    { name: 'sends a corrupt gzip body', kind: 'generate', serve: compressed(corrupt), expected: refused },
    { name: 'cuts a gzip body', kind: 'generate', serve: compressed(whole.subarray(0, 60), true), expected: refused },
    {
      name: 'sends 256 MiB as 256 KiB of gzip',
      kind: 'generate',
      serve: compressed(bomb),
      expected: refused,
      isFlood: true,
    },
    { name: 'names a thousand encodings', kind: 'generate', serve: sends(chain, goodBody), expected: protocol },
  ]
}

function floodFaults(): readonly FaultCase[] {
  const flood = (prefix: string, bytes: Buffer) => (): FaultServerBehaviour => ({
    onRequest: (socket) => {
      socket.write(prefix)
      writeWithoutEnd(socket, bytes)
    },
  })
  const plainStream = head(200, { ...sse, connection: 'close' })
  const megabyte = Buffer.alloc(1024 * 1024, 0x61)
  return [
    {
      name: 'sends a line without end',
      kind: 'stream',
      serve: flood(`${plainStream}data: `, megabyte),
      expected: { outcome: 'error', codes: ['protocol', 'timeout'] },
      isFlood: true,
    },
    {
      name: 'sends an event of lines without end',
      kind: 'stream',
      serve: flood(plainStream, Buffer.from(`data: ${'x'.repeat(1_000)}\n`.repeat(1_000))),
      expected: { outcome: 'error', codes: ['protocol', 'timeout'] },
      isFlood: true,
    },
    {
      name: 'sends comments without end, as fast as it can',
      kind: 'stream',
      serve: flood(plainStream, Buffer.from(`: ${'x'.repeat(1_000)}\n\n`.repeat(1_000))),
      expected: timeout,
      isFlood: true,
    },
    {
      name: 'sends a whole answer without end',
      kind: 'generate',
      serve: flood(`${head(200, { ...json, connection: 'close' })}{"choices":[{"message":{"content":"`, megabyte),
      expected: { outcome: 'error', codes: ['protocol', 'timeout'] },
      isFlood: true,
    },
    {
      name: 'sends an error without end',
      kind: 'generate',
      serve: flood(`${head(500, { ...json, connection: 'close' })}{"error":"`, megabyte),
      expected: { outcome: 'error', codes: ['server', 'timeout'] },
      isFlood: true,
    },
  ]
}
