import { describe, expect, it } from 'vitest'
import type { DuoModelErrorCode } from '../errors/duo-model-error-code.js'
import { chunked, jsonAnswer, lastChunk, responseHead, startByteServer } from '../testing/byte-server.js'
import { connectTo, errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'

/** The shapes vLLM's errors have had: flat until 0.10.0, nested from 0.10.1. */
const shapes = {
  flat: (message: string, type: string, code: number) => ({ object: 'error', message, type, param: null, code }),
  nested: (message: string, type: string, code: number) => ({ error: { message, type, param: null, code } }),
}

type Row = [
  situation: string,
  status: number,
  type: string,
  message: string,
  code: DuoModelErrorCode,
  retryable: boolean,
  fields?: object,
]

/** One row per line of vLLM's error table. */
const rows: Row[] = [
  [
    'context length, 0.6.4',
    400,
    'BadRequestError',
    "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 in the messages, 1000 in the completion). Please reduce the length of the messages or completion.",
    'context-length',
    false,
    { maxModelLength: 4096, requestedTokens: 5000 },
  ],
  [
    'context length, 0.6.4, without max_tokens',
    400,
    'BadRequestError',
    "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens in the messages, Please reduce the length of the messages.",
    'context-length',
    false,
    { maxModelLength: 4096, requestedTokens: 5000 },
  ],
  [
    'context length, newer',
    400,
    'BadRequestError',
    "This model's maximum context length is 4096 tokens. However, you requested 100 output tokens and your prompt contains at least 4000 input tokens, for a total of at least 4100 tokens.",
    'context-length',
    false,
    { maxModelLength: 4096, requestedTokens: 4100 },
  ],
  [
    'context length, engine',
    400,
    'BadRequestError',
    'The decoder prompt (length 5000) is longer than the maximum model length of 4096.',
    'context-length',
    false,
    { maxModelLength: 4096, requestedTokens: 5000 },
  ],
  ['model', 404, 'NotFoundError', 'The model `x` does not exist.', 'model-not-found', false],
  [
    'unknown field, 0.6.4',
    400,
    'BadRequestError',
    "[{'type': 'extra_forbidden', 'loc': ('body', 'structured_outputs'), 'msg': 'Extra inputs are not permitted'}]",
    'unsupported-parameter',
    false,
    { parameter: 'structured_outputs' },
  ],
  [
    'suffix',
    400,
    'BadRequestError',
    'suffix is not currently supported',
    'unsupported-parameter',
    false,
    { parameter: 'suffix' },
  ],
  [
    'stream_options',
    400,
    'BadRequestError',
    'Stream options can only be defined when `stream=True`.',
    'unsupported-parameter',
    false,
    { parameter: 'stream_options' },
  ],
  [
    'tools',
    400,
    'BadRequestError',
    '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    'unsupported-parameter',
    false,
    { parameter: 'tool_choice' },
  ],
  [
    'tools required, 0.6.4',
    400,
    'BadRequestError',
    'Value error, `tool_choice` must either be a named tool, "auto", or "none".',
    'unsupported-parameter',
    false,
    { parameter: 'tool_choice' },
  ],
  [
    'chat template missing',
    400,
    'BadRequestError',
    'As of transformers v4.44, default chat template is no longer allowed, so you must provide a chat template if the tokenizer does not define one.',
    'invalid-request',
    false,
  ],
  [
    'chat template, turns',
    400,
    'BadRequestError',
    'Conversation roles must alternate user/assistant/user/assistant/...',
    'invalid-request',
    false,
  ],
  ['chat template, as a 500', 500, 'InternalServerError', 'System role not supported', 'invalid-request', false],
  ['validation', 400, 'Bad Request', "[{'type': 'missing', 'loc': ('body', 'messages')}]", 'invalid-request', false],
  ['not implemented', 501, 'NotImplementedError', 'no', 'invalid-request', false],
  ['unprocessable', 422, 'UnprocessableEntityError', 'no', 'invalid-request', false],
  ['method', 405, 'Method Not Allowed', 'no', 'invalid-request', false],
  ['too large', 413, 'BadRequestError', 'no', 'invalid-request', false],
  ['media type', 415, 'BadRequestError', 'Unsupported Media Type', 'invalid-request', false],
  ['permission', 403, 'PermissionDenied', 'no', 'permission', false],
  ['server timeout', 408, 'Timeout', 'no', 'timeout', true, { which: 'server' }],
  ['lock', 409, 'Conflict', 'no', 'rate-limit', true],
  ['rate limit', 429, 'rate_limit_error', 'slow down', 'rate-limit', true],
  [
    'rate limit, time in words',
    429,
    'rate_limit_error',
    'Please retry after 7 seconds.',
    'rate-limit',
    true,
    { retryAfterMs: 7000 },
  ],
  ['quota', 429, 'insufficient_quota', 'You exceeded your current quota', 'quota', false],
  ['client closed', 499, 'ClientClosed', 'no', 'aborted', false],
  ['engine', 500, 'InternalServerError', 'EngineCore encountered an issue', 'server', true],
  ['bad gateway', 502, 'BadGateway', 'no', 'server', true],
  ['unavailable', 503, 'ServiceUnavailable', 'loading', 'overloaded', true],
  ['gateway timeout', 504, 'GatewayTimeout', 'no', 'server', true],
]

async function failureOf(bytes: Buffer | string) {
  const server = await startByteServer((socket) => socket.write(bytes))
  const connection = await connectTo(server.origin)
  const whole = await errorOf(connection.generate(helloRequest, openCall()))
  const { error: streamed } = await runStream(connection)
  await connection.close()
  await server.close()
  return { whole, streamed }
}

describe.each(Object.entries(shapes))('an error of the %s shape', (_shape, bodyOf) => {
  it.each(rows)(
    '%s (%i) is what the taxonomy says',
    async (_situation, status, type, message, code, retryable, fields = {}) => {
      const { whole, streamed } = await failureOf(jsonAnswer(status, JSON.stringify(bodyOf(message, type, status))))
      for (const error of [whole, streamed]) expect(error).toMatchObject({ code, retryable, status, ...fields })
      expect(whole.message).toContain(`answered ${status} with "${message.slice(0, 60)}`)
    },
  )

  it.each(rows.filter(([, status]) => status < 500 || status === 500))(
    '%s (%i) inside a stream is the same, and not worth another attempt once text has come',
    async (_situation, status, type, message, code) => {
      const text = 'data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n'
      const event = `data: ${JSON.stringify(bodyOf(message, type, status))}\n\ndata: [DONE]\n\n`
      const head = responseHead(200, [
        ['content-type', 'text/event-stream'],
        ['transfer-encoding', 'chunked'],
      ])
      const server = await startByteServer((socket) => socket.write(head + chunked(text + event) + lastChunk))
      const connection = await connectTo(server.origin)
      const outcome = await runStream(connection)
      expect(outcome.error).toMatchObject({ code, retryable: false, phase: 'stream', partial: { text: 'Hel' } })
      expect(outcome.error?.status).toBeUndefined()
      await connection.close()
      await server.close()
    },
  )
})

describe('other bodies', () => {
  it.each<[number, string, DuoModelErrorCode, boolean]>([
    [401, '{"error":"Unauthorized"}', 'authentication', false],
    [503, '{"error":"The model is currently scaling. Please try again later."}', 'overloaded', true],
    [404, '{"detail":"Not Found"}', 'not-found', false],
    [500, '', 'server', true],
    [503, '', 'overloaded', true],
    [502, '<html>Bad gateway</html>', 'server', true],
    [400, 'plain words', 'invalid-request', false],
    [400, 'null', 'invalid-request', false],
    [400, '[]', 'invalid-request', false],
    [400, '{"error":{"message":{"nested":1}}}', 'invalid-request', false],
  ])('%i with %j is %s', async (status, body, code, retryable) => {
    const { whole, streamed } = await failureOf(jsonAnswer(status, body))
    expect(whole).toMatchObject({ code, retryable, status })
    expect(streamed).toMatchObject({ code, retryable, status })
  })

  it.each<[string, string, number | undefined]>([
    ['retry-after-ms', '1500', 1500],
    ['retry-after', '2', 2000],
    ['retry-after', '-1', undefined],
    ['retry-after', 'soon', undefined],
    ['x-rate-limit-reset-tokens', '3', 3000],
  ])('429 with %s: %s', async (name, value, retryAfterMs) => {
    const { whole } = await failureOf(jsonAnswer(429, '{"error":{"message":"x"}}', [[name, value]]))
    expect(whole.retryAfterMs).toBe(retryAfterMs)
    expect(whole.code).toBe('rate-limit')
  })
})

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i is not followed: key and prompt go nowhere else', async (status) => {
    const elsewhere = await startByteServer((socket) => socket.write(jsonAnswer(200, '{}')))
    const location = `${elsewhere.origin}/v1/chat/completions?token=s3cret-token`
    const answer = responseHead(status, [
      ['location', location],
      ['content-length', '0'],
    ])
    const { whole, streamed } = await failureOf(answer)
    for (const error of [whole, streamed]) {
      expect(error).toMatchObject({ code: 'protocol', retryable: false, status })
      expect(error?.message).toContain(`a redirect to ${elsewhere.origin}.`)
      expect(error?.message).not.toContain('s3cret-token')
    }
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })
})

describe('what to do', () => {
  it.each([
    ['"auto" tool choice requires --enable-auto-tool-choice', '--tool-call-parser <parser'],
    ['default chat template is no longer allowed', '--chat-template <file>'],
    ['Conversation roles must alternate user/assistant', 'Merge neighbouring messages'],
    ['Only user and assistant roles are supported!', 'into the user message'],
    ['--trust-request-chat-template is not set', '--trust-request-chat-template'],
    ['Got priority 1 but Priority scheduling is not enabled.', '--scheduling-policy priority'],
  ])('is said for "%s"', async (message, words) => {
    const { whole } = await failureOf(jsonAnswer(400, JSON.stringify(shapes.nested(message, 'BadRequestError', 400))))
    expect(whole.message).toContain(words)
  })
})
