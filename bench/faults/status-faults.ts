import type { DuoModelErrorCode } from '@duo-models/adapters'
import { httpChunk } from '../inputs/http-chunk.js'
import { answerText, errorBody, goodBody, head, jsonAnswer, streamAnswer } from './answer-bytes.js'
import { type FaultCase, secretKey } from './fault-case.js'
import { lastingFault } from './lasting-fault.js'
import { sends, sendsInTurn } from './server-behaviours.js'

const answer = { outcome: 'answer', text: answerText } as const

/** The first request gets this, all others a good answer. */
const goodAfter = (bytes: string) => sendsInTurn(bytes, jsonAnswer(goodBody))

const page = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'
const html = (status: number, text = page) =>
  head(status, { 'content-type': 'text/html', 'content-length': text.length }) + text

/** Servers that refuse, in good HTTP. */
export const statusFaults: readonly FaultCase[] = [
  ...passingFailures(),
  ...pauses(),
  ...lastingFailures(),
  ...brokenErrors(),
  ...wrongShapes(),
  ...echoes(),
]

function passingFailures(): readonly FaultCase[] {
  return [
    ...[500, 503, 504, 529, 408].map(
      (status): FaultCase => ({
        name: `answers ${status} once`,
        kind: 'generate',
        serve: goodAfter(jsonAnswer(errorBody('Try again.', status), status)),
        expected: answer,
        maxRequests: 2,
      }),
    ),
    {
      name: 'answers 502 with a page, once',
      kind: 'generate',
      serve: goodAfter(html(502)),
      expected: answer,
      maxRequests: 2,
    },
    {
      name: 'answers 500 for ever',
      kind: 'generate',
      serve: sends(jsonAnswer(errorBody('Engine loop is not running.', 500), 500)),
      expected: { outcome: 'error', codes: ['server'] },
    },
  ]
}

function pauses(): readonly FaultCase[] {
  const limited = (headers: Readonly<Record<string, string>>) =>
    goodAfter(jsonAnswer(errorBody('Too many requests.', 429, 'RateLimitError'), 429, headers))
  const pause = (name: string, headers: Readonly<Record<string, string>>, minPauseMs = 0): FaultCase => ({
    name,
    kind: 'generate',
    serve: limited(headers),
    expected: answer,
    maxRequests: 2,
    minPauseMs,
  })
  return [
    pause('asks for a pause of a second', { 'retry-after': '1' }, 1_000),
    pause('asks for a pause of 300 ms', { 'retry-after-ms': '300' }, 300),
    pause('asks for a pause in words that are none', { 'retry-after': 'soon' }),
    pause('asks for a pause of less than nothing', { 'retry-after': '-3' }),
    pause('asks for a pause until a time that is over', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }),
    {
      name: 'asks for a pause of an hour',
      kind: 'generate',
      serve: sends(jsonAnswer(errorBody('Too many requests.', 429), 429, { 'retry-after': '3600' })),
      expected: { outcome: 'error', codes: ['rate-limit', 'quota'] },
      maxRequests: 1,
    },
    {
      name: 'asks for a pause of 400 digits',
      kind: 'generate',
      serve: sends(jsonAnswer(errorBody('Too many requests.', 429), 429, { 'retry-after': '9'.repeat(400) })),
      expected: { outcome: 'error', codes: ['rate-limit', 'quota'] },
    },
  ]
}

function lastingFailures(): readonly FaultCase[] {
  const quota = {
    error: {
      message: 'You exceeded your current quota.',
      type: 'insufficient_quota',
      param: null,
      code: 'insufficient_quota',
    },
  }
  const context = "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens."
  return [
    lastingFault('has no quota left', jsonAnswer(JSON.stringify(quota), 429), ['quota']),
    lastingFault('refuses the key', jsonAnswer('{"error":"Unauthorized"}', 401), ['authentication']),
    lastingFault('forbids the model', jsonAnswer(errorBody('Forbidden', 403), 403), ['permission']),
    lastingFault(
      'does not know the model',
      jsonAnswer(errorBody('The model `x` does not exist.', 404, 'NotFoundError'), 404),
      ['model-not-found'],
    ),
    lastingFault('answers 404 with a page', html(404), ['not-found']),
    lastingFault('finds the prompt too long', jsonAnswer(errorBody(context, 400, 'BadRequestError'), 400), [
      'context-length',
    ]),
    lastingFault(
      'refuses a parameter',
      jsonAnswer(errorBody('top_k must be -1 (disable), or at least 1', 400, 'BadRequestError'), 400),
      ['invalid-request', 'unsupported-parameter'],
    ),
  ]
}

function brokenErrors(): readonly FaultCase[] {
  const json = { 'content-type': 'application/json' }
  return [
    {
      name: 'falls silent in the middle of an error',
      kind: 'generate',
      serve: sends(
        head(400, { ...json, 'transfer-encoding': 'chunked' }),
        httpChunk('{"error":{"message":"The request'),
      ),
      expected: { outcome: 'error', codes: ['invalid-request', 'timeout'] },
    },
    {
      name: 'explains an error in eight mebibytes',
      kind: 'generate',
      serve: sends(jsonAnswer(errorBody('x'.repeat(8 * 1024 * 1024), 400), 400)),
      expected: { outcome: 'error', codes: ['invalid-request'] },
      maxRequests: 1,
    },
    {
      name: 'answers 500 without a word',
      kind: 'stream',
      serve: sends(head(500, { 'content-length': 0 })),
      expected: { outcome: 'error', codes: ['server'] },
    },
  ]
}

function wrongShapes(): readonly FaultCase[] {
  const bodies = {
    null: 'null',
    'an array': '[]',
    'a text': '"hello"',
    'an object without choices': '{"id":"1"}',
    'choices that are null': '{"choices":null}',
    'no choice': '{"choices":[]}',
    'a choice that is null': '{"choices":[null]}',
    'a choice without a message': '{"choices":[{"index":0,"finish_reason":"stop"}]}',
    'half an object': goodBody.slice(0, 90),
  }
  return Object.entries(bodies).map(
    ([what, body]): FaultCase => ({
      name: `answers with ${what}`,
      kind: 'generate',
      serve: sends(jsonAnswer(body)),
      expected: { outcome: 'error', codes: ['protocol'] },
    }),
  )
}

/** Servers that repeat the key they were sent. */
function echoes(): readonly FaultCase[] {
  const echo = (
    name: string,
    bytes: string,
    codes: readonly DuoModelErrorCode[],
    kind: FaultCase['kind'] = 'generate',
  ): FaultCase => ({
    name,
    kind,
    serve: sends(bytes),
    expected: { outcome: 'error', codes },
  })
  const shown = `Invalid key: Bearer ${secretKey}`
  return [
    echo('repeats the key in an error', jsonAnswer(errorBody(shown, 401), 401), ['authentication']),
    echo(
      'repeats the key in base64',
      jsonAnswer(errorBody(`key ${Buffer.from(secretKey).toString('base64')}`, 400), 400),
      ['invalid-request'],
    ),
    echo('repeats the key in a page', html(500, `<html>${shown}</html>`), ['server']),
    echo(
      'repeats the key in an event',
      streamAnswer(`data: ${errorBody(shown, 500)}\n\n`).toString('latin1'),
      ['server'],
      'stream',
    ),
    echo('repeats the key in something that is no JSON', jsonAnswer(`{"choices": ${shown}`), ['protocol']),
    echo('repeats the key in its status line', head(`500 ${shown}`, { 'content-length': 0 }), ['server']),
  ]
}
