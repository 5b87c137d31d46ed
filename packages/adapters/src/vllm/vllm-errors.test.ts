import { describe, expect, it } from 'vitest'
import { classifyVllmResponse } from './vllm-errors.js'

const context = {
  deployment: 'code',
  platform: 'vllm',
  method: 'POST',
  url: 'http://gpu-1:8000/v1/chat/completions',
  requestId: 'r1',
  redact: (text: string): string => text,
}

function classify(status: number, body: unknown, headers: Record<string, string> = {}, url = context.url) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return classifyVllmResponse({ status, headers, body: text, context: { ...context, url } })
}

const nested = (message: string, more: object = {}) => ({
  error: { message, type: 'BadRequestError', param: null, ...more },
})

describe('classifyVllmResponse', () => {
  it.each([
    [401, { error: 'Unauthorized' }, 'authentication', false, "Set 'apiKey'"],
    [403, nested('no'), 'permission', false, 'may not'],
    [
      404,
      nested('The model `x` does not exist.', { code: 404 }),
      'model-not-found',
      false,
      'GET http://gpu-1:8000/v1/models',
    ],
    [404, nested('nope', { param: 'model' }), 'model-not-found', false, 'servedModelName'],
    [404, { detail: 'Not Found' }, 'not-found', false, 'Check host, port and path'],
    [408, '', 'timeout', true, 'gave up'],
    [
      400,
      nested("Input length (50) exceeds model's maximum context length (40)."),
      'context-length',
      false,
      '--max-model-len',
    ],
    [400, nested('suffix is not currently supported'), 'unsupported-parameter', false, 'fill-in-the-middle'],
    [
      400,
      nested('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
      'unsupported-parameter',
      false,
      '--tool-call-parser <parser',
    ],
    [405, { detail: 'Method Not Allowed' }, 'invalid-request', false, 'change the request'],
    [413, '', 'invalid-request', false, 'empty body'],
    [
      422,
      { detail: [{ loc: ['body', 'messages'], msg: 'Field required', type: 'missing' }] },
      'invalid-request',
      false,
      'Field required',
    ],
    [409, nested('locked'), 'rate-limit', true, 'Wait'],
    [429, nested('slow down'), 'rate-limit', true, 'Wait'],
    [429, nested('x', { type: 'insufficient_quota' }), 'quota', false, 'allowance'],
    [499, nested('client closed request'), 'aborted', false, 'gateway'],
    [500, '', 'server', true, 'engine of the server has died'],
    [501, nested('x'), 'invalid-request', false, 'does not implement'],
    [502, '<html>Bad gateway</html>', 'server', true, 'a web page'],
    [503, { error: 'The model is currently scaling. Please try again later.' }, 'overloaded', true, 'scaling'],
    [529, '', 'overloaded', true, 'no requests now'],
  ])('status %i with %j is %s', (status, body, code, retryable, words) => {
    const error = classify(status, body)
    expect(error).toMatchObject({ code, retryable, status, deployment: 'code', platform: 'vllm', requestId: 'r1' })
    expect(error.message).toContain(words)
    expect(error.message).toContain(`POST ${context.url} answered ${status}`)
  })

  it.each([
    [
      "This model's maximum context length is 32768 tokens. However, you requested 40000 tokens (39000 in the messages, 1000 in the completion).",
      32768,
      40000,
    ],
    [
      "This model's maximum context length is 4096 tokens. However, you requested 100 output tokens and your prompt contains at least 4000 input tokens, for a total of at least 4100 tokens.",
      4096,
      4100,
    ],
    ['The decoder prompt (length 5000) is longer than the maximum model length of 4096.', 4096, 5000],
    ["Input length (50) exceeds model's maximum context length (40).", 40, 50],
  ])('reads the figures of "%s"', (message, maxModelLength, requestedTokens) => {
    expect(classify(400, nested(message))).toMatchObject({ maxModelLength, requestedTokens })
  })

  it('says that the endpoint must end in /v1', () => {
    const { message } = classify(404, { detail: 'Not Found' }, {}, 'http://gpu-1:8000/chat/completions')
    expect(message).toContain('must end in /v1')
  })

  it('obeys the wish of the server', () => {
    expect(classify(429, nested('x'), { 'retry-after': '3' })).toMatchObject({ code: 'rate-limit', retryAfterMs: 3000 })
    expect(classify(429, nested('x'), { 'retry-after': '86400' })).toMatchObject({
      code: 'quota',
      retryable: false,
      retryAfterMs: 86_400_000,
    })
    expect(classify(500, nested('x'), { 'x-should-retry': 'false' }).retryable).toBe(false)
  })

  it('quotes the beginning of a long body, with control characters escaped', () => {
    const { message } = classify(500, `\u001b[31m${'x'.repeat(5_000)}`)
    expect(message).toContain('\\u001b[31m')
    expect(message.length).toBeLessThan(500)
  })
})
