import { httpChunk } from '../inputs/http-chunk.js'
import {
  answerText,
  bareChunk,
  begunEvents,
  deltaChunk,
  errorBody,
  event,
  firstPiece,
  goodBody,
  goodEvents,
  head,
  jsonAnswer,
  lastChunk,
  parts,
  streamAnswer,
  streamHead,
  textChunk,
  writeSlowly,
} from './answer-bytes.js'
import type { ExpectedAnswer, FaultCase } from './fault-case.js'
import { sends, sendsAndResets, sendsInTurn } from './server-behaviours.js'

const answer: ExpectedAnswer = { outcome: 'answer', text: answerText }
const begun = { outcome: 'error', partialText: firstPiece } as const

/** The events in one packet, the chunked body properly ended. */
const events = (text: string | Buffer) => sends(streamAnswer(text))

const good = (name: string, text: string | Buffer, expected = answer): FaultCase => ({
  name,
  kind: 'stream',
  serve: events(text),
  expected,
})

/** Streams whose HTTP is sound and whose events are not, or are only unusual. */
export const eventFaults: readonly FaultCase[] = [
  ...unusualEvents(),
  ...unusualChunks(),
  ...unusualEnds(),
  ...brokenEvents(),
  ...errorEvents(),
]

function unusualEvents(): readonly FaultCase[] {
  const lines = goodEvents.split('\n\n').filter(Boolean)
  const mixed = lines.map((line, index) => line + (['\n\n', '\r\n\r\n', '\r\r'][index % 3] as string)).join('')
  const twoLines = parts.pieces.map((piece) => piece.replace('"object"', '\ndata: "object"')).join('')
  return [
    {
      name: 'sends one byte at a time',
      kind: 'stream',
      serve: () => ({
        onRequest: (socket) => {
          socket.write(streamHead)
          const bytes = [...Buffer.from(goodEvents)].map((byte) => httpChunk(Buffer.of(byte)))
          for (const each of bytes) socket.write(each)
          socket.write(lastChunk)
        },
      }),
      expected: answer,
    },
    {
      name: 'cuts characters and line ends between packets',
      kind: 'stream',
      serve: () => ({
        onRequest: (socket) => {
          socket.write(streamHead)
          const bytes = Buffer.from(goodEvents.replaceAll('\n', '\r\n'))
          const cuts = Array.from({ length: Math.ceil(bytes.length / 61) }, (_, index) =>
            httpChunk(bytes.subarray(index * 61, index * 61 + 61)),
          )
          writeSlowly(socket, cuts, 1, () => socket.write(lastChunk))
        },
      }),
      expected: answer,
    },
    good('ends lines with CR', goodEvents.replaceAll('\n', '\r')),
    good('ends lines with CRLF', goodEvents.replaceAll('\n', '\r\n')),
    good('ends lines in three ways', mixed),
    good('starts with a byte order mark', `\uFEFF${goodEvents}`),
    good(
      'sends comments, pings, ids, retries and unknown fields',
      `: hello\n\nevent: ping\n\nretry: 5\nid: 7\nwhatever: 3\n\n${parts.role}: more\n\n${parts.pieces.join(': and more\n\n')}${parts.finish}${parts.done}`,
    ),
    good('leaves no space after data:', goodEvents.replaceAll('data: ', 'data:')),
    good('spreads an event over two lines', parts.role + twoLines + parts.finish + parts.done),
    good('sends an event without data', `${parts.role}data:\n\n${parts.pieces.join('')}${parts.finish}${parts.done}`),
    good(
      'separates lines inside a text with U+2028 and U+0085',
      parts.role + event(textChunk('a\u2028data: b\u0085c')) + parts.finish + parts.done,
      { outcome: 'answer', text: 'a\u2028data: b\u0085c' },
    ),
    good(
      'cuts a character into two escapes, one in each delta',
      `${parts.role}${event(textChunk('<')).replace('<', '\\ud83c')}${event(textChunk('>')).replace('>', '\\udf0d')}${parts.finish}${parts.done}`,
      { outcome: 'answer', text: '🌍' },
    ),
    good(
      'sends a delta of one mebibyte',
      parts.role + event(textChunk('x'.repeat(1024 * 1024))) + parts.finish + parts.done,
      { outcome: 'answer', text: 'x'.repeat(1024 * 1024) },
    ),
  ]
}

function unusualChunks(): readonly FaultCase[] {
  const [first, ...rest] = parts.pieces as [string, ...string[]]
  const around = (extra: string) => parts.role + first + extra + rest.join('') + parts.finish + parts.done
  const annotations = { content_filter_results: { hate: { filtered: false, severity: 'safe' } } }
  const asynchronous = {
    ...bareChunk({}),
    id: '',
    choices: [{ index: 0, finish_reason: null, ...annotations, content_filter_offsets: { check_offset: 44 } }],
  }
  const running = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 }
  const hostile = { prompt_tokens: -5, completion_tokens: '12', total_tokens: null }
  return [
    good(
      'sends results of a filter first, without a choice',
      event({ choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: [{ prompt_index: 0 }] }) +
        goodEvents,
    ),
    good('sends choices without a delta', around(event(asynchronous))),
    good(
      'sends choices without a delta after the finish reason',
      parts.role + parts.pieces.join('') + parts.finish + event(asynchronous) + parts.usage + parts.done,
    ),
    good('sends null and empty content', around(event(textChunk(null)) + event(textChunk('')) + event(deltaChunk({})))),
    good('sends a null delta', around(event(deltaChunk(null)))),
    good('sends no choices at all', around(event({ id: '1', object: 'chat.completion.chunk' }))),
    good('sends a null usage', around(event({ ...textChunk(''), usage: null }))),
    good('sends a running usage', around(event({ ...textChunk(''), usage: running }))),
    good(
      'counts tokens in nonsense',
      around(event({ ...textChunk(''), usage: hostile }).replace('"total_tokens":null', '"total_tokens":1e999')),
    ),
    good(
      'sends members named __proto__ and constructor',
      around(
        event(
          '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"choices":[{"index":0,"delta":{"__proto__":{"polluted":true}}}]}',
        ),
      ),
    ),
    good(
      'gives the finish reason together with the last text',
      parts.role +
        parts.pieces.slice(0, -1).join('') +
        (parts.pieces.at(-1) as string).replace('"finish_reason":null', '"finish_reason":"stop"') +
        parts.done,
    ),
  ]
}

function unusualEnds(): readonly FaultCase[] {
  const unended = parts.role + parts.pieces.join('')
  return [
    good('ends after the finish reason, without [DONE]', unended + parts.finish),
    good('does not end its last line', goodEvents.trimEnd()),
    good('sends [DONE] twice', goodEvents + parts.done),
    good('goes on after [DONE]', goodEvents + event(textChunk(' GHOST')) + parts.finish + parts.done),
    {
      name: 'keeps the connection open after [DONE]',
      kind: 'stream',
      serve: sends(streamHead, httpChunk(goodEvents)),
      expected: answer,
    },
    {
      name: 'resets the connection after [DONE]',
      kind: 'stream',
      serve: sendsAndResets(streamHead, httpChunk(goodEvents)),
      expected: answer,
    },
    {
      name: 'ends without a finish reason and without [DONE]',
      kind: 'stream',
      serve: events(begunEvents),
      expected: { ...begun, codes: ['stream-interrupted'] },
      maxRequests: 1,
    },
    {
      name: 'ends in the middle of an event',
      kind: 'stream',
      serve: events(begunEvents + parts.first.slice(0, 60)),
      expected: { ...begun, codes: ['stream-interrupted', 'protocol'] },
      maxRequests: 1,
    },
    {
      name: 'ends in the middle of a tool call',
      kind: 'stream',
      serve: events(
        parts.role +
          event(
            deltaChunk({
              tool_calls: [
                { index: 0, id: 'call_1', type: 'function', function: { name: 'remove', arguments: '{"path":"/' } },
              ],
            }),
          ),
      ),
      expected: { outcome: 'error', codes: ['stream-interrupted'] },
      maxRequests: 1,
    },
    {
      name: 'sends nothing but [DONE]',
      kind: 'stream',
      serve: events(parts.done),
      expected: { outcome: 'error', codes: ['stream-interrupted', 'protocol'] },
    },
    {
      name: 'answers a stream with a whole answer',
      kind: 'stream',
      serve: sends(jsonAnswer(goodBody)),
      expected: { outcome: 'answer or error', text: answerText, codes: ['protocol'] },
    },
    {
      name: 'answers with a stream where a whole answer was asked for',
      kind: 'generate',
      serve: events(goodEvents),
      expected: { outcome: 'answer or error', text: answerText, codes: ['protocol'] },
    },
  ]
}

function brokenEvents(): readonly FaultCase[] {
  const rest = parts.pieces.slice(1).join('') + parts.finish + parts.done
  const deep = `{"choices":[{"index":0,"delta":{"content":""},"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}`
  const login = '<!doctype html><html><body><form>Please sign in.</form></body></html>'
  const loginAnswer = sends(head(200, { 'content-type': 'text/html', 'content-length': login.length }), login)
  return [
    {
      name: 'sends an event that is not JSON, and good ones after it',
      kind: 'stream',
      serve: events(`${begunEvents}data: {"choices":[{"del\n\n${rest}`),
      expected: { ...begun, codes: ['protocol'] },
      maxRequests: 1,
    },
    {
      name: 'sends bytes that are no UTF-8',
      kind: 'stream',
      serve: events(
        Buffer.from(Buffer.from((begunEvents + rest).replace('你', 'X')).map((byte) => (byte === 0x58 ? 0xff : byte))),
      ),
      expected: { outcome: 'answer or error', text: answerText.replace('你', '\uFFFD'), codes: ['protocol'] },
    },
    {
      name: 'nests 100,000 arrays in an event',
      kind: 'stream',
      serve: events(begunEvents + event(deep) + rest),
      expected: { outcome: 'answer or error', text: answerText, codes: ['protocol'] },
    },
    {
      name: 'sends a login page as a stream',
      kind: 'stream',
      serve: events(login),
      expected: { outcome: 'error', codes: ['protocol', 'stream-interrupted'] },
    },
    {
      name: 'answers a stream with a login page',
      kind: 'stream',
      serve: loginAnswer,
      expected: { outcome: 'error', codes: ['protocol'] },
    },
    {
      name: 'answers with a login page',
      kind: 'generate',
      serve: loginAnswer,
      expected: { outcome: 'error', codes: ['protocol'] },
    },
  ]
}

function errorEvents(): readonly FaultCase[] {
  const message = 'CUDA error: out of memory'
  const failing = (name: string, failure: string): FaultCase => ({
    name,
    kind: 'stream',
    serve: events(begunEvents + failure),
    expected: { ...begun, codes: ['server'] },
    maxRequests: 1,
  })
  return [
    failing('reports a failure in the middle of a stream', event(errorBody(message, 500)) + parts.done),
    failing(
      'reports a failure as vLLM did before 0.10.1',
      event(JSON.stringify({ object: 'error', message, type: 'InternalServerError', param: null, code: 500 })) +
        parts.done,
    ),
    failing('reports a failure as a text', event(JSON.stringify({ error: message })) + parts.done),
    failing('reports a failure as an event of that name', `event: error\n${event(errorBody(message, 500))}`),
    {
      name: 'fails in its first event, then answers',
      kind: 'stream',
      serve: sendsInTurn(streamAnswer(event(errorBody(message, 503)) + parts.done), streamAnswer(goodEvents)),
      expected: answer,
    },
    {
      name: 'reports a failure with status 200',
      kind: 'generate',
      serve: sends(jsonAnswer(errorBody(message, 500))),
      expected: { outcome: 'error', codes: ['server'] },
    },
    {
      name: 'cuts an answer for its content',
      kind: 'stream',
      serve: events(parts.role + parts.first + event(deltaChunk({}, 'content_filter')) + parts.done),
      expected: { outcome: 'answer', text: firstPiece },
    },
  ]
}
