import { afterEach, describe, expect, test } from 'vitest'
import { eventsOf, rawRequest } from '../../test/raw-request.js'
import { type Emulator, startEmulator } from '../start-emulator.js'
import type { VllmEmulatorOptions } from './vllm-emulator-options.js'

let emulator: Emulator
afterEach(() => emulator.close())

const model = 'mistralai/Mistral-7B-Instruct-v0.3'
const messages = [{ role: 'user', content: 'Hi' }]

async function start(options: Omit<VllmEmulatorOptions, 'platform'> = {}): Promise<void> {
  emulator = await startEmulator({ platform: 'vllm', speed: 0, respond: () => 'one two', ...options })
}
const post = (path: string, body: unknown, headers = {}) => rawRequest(emulator.url + path, { body, headers })
const chat = (fields: object = {}) => post('/v1/chat/completions', { model, messages, ...fields })
const complete = (fields: object = {}) => post('/v1/completions', { model, prompt: 'x', ...fields })
const errorOf = (text: string) => {
  const body = JSON.parse(text) as { error?: object }
  return (body.error ?? body) as { message: string; type: string; param: string | null; code: number }
}
const withoutId = (text: string) => text.replace(/"id":"[^"]*"/g, '"id":"I"').replace(/"created":\d+/g, '"created":0')

describe('bytes of streams', () => {
  test('chat', async () => {
    await start()
    const { text, headers } = await chat({ stream: true, stream_options: { include_usage: true } })
    const chunk = (rest: string) =>
      `data: {"id":"I","object":"chat.completion.chunk","created":0,"model":"${model}",${rest}}\n\n`
    expect(withoutId(text)).toBe(
      chunk('"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]') +
        chunk('"choices":[{"index":0,"delta":{"content":"one"},"logprobs":null,"finish_reason":null}]') +
        chunk('"choices":[{"index":0,"delta":{"content":" two"},"logprobs":null,"finish_reason":null}]') +
        chunk(
          '"choices":[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"stop","stop_reason":null}]',
        ) +
        chunk('"choices":[],"usage":{"prompt_tokens":5,"total_tokens":8,"completion_tokens":3}') +
        'data: [DONE]\n\n',
    )
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'transfer-encoding': 'chunked',
      server: 'uvicorn',
    })
  })

  test('completions', async () => {
    await start()
    const { text } = await complete({ stream: true, max_tokens: 1 })
    expect(withoutId(text)).toBe(
      `data: {"id":"I","object":"text_completion","created":0,"model":"${model}","choices":[{"index":0,"text":"one","logprobs":null,"finish_reason":"length","stop_reason":null}],"usage":null}\n\ndata: [DONE]\n\n`,
    )
  })

  test('continuous usage is on every chunk and grows', async () => {
    await start()
    const { text } = await chat({ stream: true, stream_options: { include_usage: true, continuous_usage_stats: true } })
    const counts = eventsOf(text).map(({ usage }) => (usage as { completion_tokens: number }).completion_tokens)
    expect(counts).toEqual([0, 1, 2, 3, 3])
  })

  test('continuous usage counts each prompt and sample for itself, and the last one all of them', async () => {
    await start()
    const stream_options = { include_usage: true, continuous_usage_stats: true }
    const { text } = await complete({ prompt: ['x', 'x x x'], n: 2, stream: true, stream_options })
    const events = eventsOf(text) as { choices: { index: number }[]; usage: Record<string, number> }[]
    const last = (index: number) => events.findLast(({ choices: [choice] }) => choice?.index === index)?.usage
    const [first, , third] = [0, 1, 2, 3].map(last)
    expect([0, 1, 2, 3].map((index) => last(index)?.['completion_tokens'])).toEqual([3, 3, 3, 3])
    expect(last(1)).toEqual(first)
    expect(third?.['prompt_tokens']).toBeGreaterThan(first?.['prompt_tokens'] ?? 0)
    const prompts = (first?.['prompt_tokens'] ?? 0) + (third?.['prompt_tokens'] ?? 0)
    expect(events.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: prompts, completion_tokens: 12 } })

    const samples = eventsOf((await chat({ n: 2, stream: true, stream_options })).text) as typeof events
    const running = samples.filter(({ choices: [choice] }) => choice?.index === 1).map(({ usage }) => usage)
    expect(running.map((usage) => usage['completion_tokens'])).toEqual([0, 1, 2, 3])
  })
})

describe('limits and stops', () => {
  test('max_completion_tokens wins over max_tokens', async () => {
    await start()
    const body = JSON.parse((await chat({ max_tokens: 2, max_completion_tokens: 1 })).text)
    expect(body).toMatchObject({
      choices: [{ message: { content: 'one' }, finish_reason: 'length' }],
      usage: { completion_tokens: 1 },
    })
  })

  test('a stop string is left out, held back while it forms, and named', async () => {
    await start({ respond: () => 'alpha beta END gamma' })
    const { text } = await complete({ stream: true, stop: ['END'], max_tokens: 50 })
    const choices = eventsOf(text).map(
      ({ choices }) => (choices as { text: string; finish_reason: string; stop_reason: string }[])[0],
    )
    expect(choices.map((choice) => choice?.text).join('')).toBe('alpha beta ')
    expect(choices.at(-1)).toMatchObject({ finish_reason: 'stop', stop_reason: 'END' })
    const included = JSON.parse(
      (await complete({ stop: 'END', include_stop_str_in_output: true, max_tokens: 50 })).text,
    )
    expect(included.choices[0].text).toBe('alpha beta END')
  })

  test('a stop token is reported by its number', async () => {
    await start({ respond: () => 'a</s>b' })
    const { choices } = JSON.parse((await complete({ stop_token_ids: [2], max_tokens: 50 })).text)
    expect(choices[0]).toMatchObject({ text: 'a', finish_reason: 'stop', stop_reason: 2 })
  })

  test('ignore_eos writes up to the limit, min_tokens beyond the end', async () => {
    await start()
    expect(JSON.parse((await complete({ ignore_eos: true, max_tokens: 40 })).text).usage.completion_tokens).toBe(40)
    expect(JSON.parse((await complete({ min_tokens: 10, max_tokens: 40 })).text).usage.completion_tokens).toBe(11)
  })
})

describe('completions', () => {
  test.each([
    ['one string', 'a', 1],
    ['several strings', ['a', 'b'], 2],
    ['token ids', [1, 2_000_098], 1],
    ['several lists of token ids', [[1], [2]], 2],
  ])('%s', async (_, prompt, count) => {
    await start({ respond: ({ prompt: text, sample }) => `${text}/${sample}` })
    const { choices } = JSON.parse((await complete({ prompt, n: 2, max_tokens: 50 })).text)
    expect(choices.map(({ index }: { index: number }) => index)).toEqual(
      Array.from({ length: count * 2 }, (_, index) => index),
    )
    expect(choices[1].text).toMatch(/\/1$/)
  })

  test('echo repeats the prompt, alone with max_tokens 0', async () => {
    await start()
    expect(JSON.parse((await complete({ echo: true })).text).choices[0].text).toBe('xone two')
    expect(JSON.parse((await complete({ echo: true, max_tokens: 0 })).text)).toMatchObject({
      choices: [{ text: 'x' }],
      usage: { completion_tokens: 0 },
    })
    expect(eventsOf((await complete({ echo: true, max_tokens: 0, stream: true })).text)).toHaveLength(1)
  })

  test('a fill-in-the-middle prompt gets the missing code', async () => {
    await start({ respond: undefined })
    const { choices } = JSON.parse((await complete({ prompt: '[SUFFIX]\n[PREFIX]def add(a, b):\n' })).text)
    expect(choices[0]).toMatchObject({ text: '    return a + b', finish_reason: 'stop' })
  })
})

describe('refusals', () => {
  test.each<[string, () => Promise<{ status: number; text: string }>, number, RegExp]>([
    ['unknown model', () => chat({ model: 'x' }), 404, /^The model `x` does not exist\.$/],
    ['suffix', () => complete({ suffix: 'y' }), 400, /suffix is not currently supported/],
    [
      'stream_options alone',
      () => chat({ stream_options: {} }),
      400,
      /Stream options can only be defined when `stream=True`\./,
    ],
    [
      'min_tokens',
      () => chat({ min_tokens: 3, max_tokens: 2 }),
      400,
      /min_tokens must be less than or equal to max_tokens=2, got 3/,
    ],
    ['temperature', () => chat({ temperature: -1 }), 400, /temperature must be non-negative/],
    ['too many samples', () => chat({ n: 1e9 }), 400, /n must be at most/],
    [
      'no messages',
      () => post('/v1/chat/completions', { model }),
      400,
      /'type': 'missing', 'loc': \('body', 'messages'\)/,
    ],
    ['wrong type', () => chat({ max_tokens: 'many' }), 400, /'loc': \('body', 'max_tokens'\)/],
    ['not JSON', () => post('/v1/chat/completions', '{'), 400, /JSON decode error/],
    ['not an object', () => post('/v1/chat/completions', '[]'), 400, /valid dictionary/],
    [
      'content type',
      () => post('/v1/chat/completions', '{}', { 'content-type': 'text/plain' }),
      400,
      /Unsupported Media Type/,
    ],
    [
      'auto tools without flags',
      () => chat({ tools: [{ type: 'function', function: { name: 'f' } }] }),
      400,
      /--enable-auto-tool-choice/,
    ],
    ['two constraints', () => chat({ structured_outputs: { regex: 'a', choice: ['b'] } }), 400, /only use one kind/],
    ['unknown path', () => post('/v1/embeddings', {}), 404, /Not Found/],
    ['wrong method', () => rawRequest(`${emulator.url}/v1/chat/completions`), 405, /Method Not Allowed/],
  ])('%s', async (_, send, status, message) => {
    await start()
    const response = await send()
    expect(response.status).toBe(status)
    expect(errorOf(response.text)).toMatchObject({ code: status, message: expect.stringMatching(message) })
  })

  test('a failing respond function is an error of the server, also inside a stream', async () => {
    await start({ respond: () => Promise.reject(new Error('no answer today')) })
    const response = await chat({ stream: true })
    expect(response.status).toBe(500)
    expect(errorOf(response.text)).toMatchObject({ type: 'InternalServerError', message: 'no answer today' })
  })

  test.each([
    ['0.6.4.post1', 400, 'However, you requested 25 tokens (5 in the messages, 20 in the completion). Please reduce'],
    [
      '0.12.0',
      400,
      'However, you requested 20 output tokens and your prompt contains 5 input tokens, for a total of 25 tokens.',
    ],
  ])('%s words the context length its way', async (version, status, message) => {
    await start({ version, maxModelLength: 24 })
    const response = await chat({ max_tokens: 20 })
    expect(response.status).toBe(status)
    expect(errorOf(response.text).message).toContain(`This model's maximum context length is 24 tokens. ${message}`)
  })
})

describe('versions', () => {
  test('0.6.4.post1 forbids unknown fields and answers flat', async () => {
    await start({ version: '0.6.4.post1' })
    const response = await chat({ structured_outputs: { regex: 'a+' } })
    expect(JSON.parse(response.text)).toEqual({
      object: 'error',
      message:
        "[{'type': 'extra_forbidden', 'loc': ('body', 'structured_outputs'), 'msg': 'Extra inputs are not permitted', 'input': {'regex': 'a+'}}]",
      type: 'BadRequestError',
      param: null,
      code: 400,
    })
    expect((await rawRequest(`${emulator.url}/nope`)).text).toBe('{"detail":"Not Found"}')
    expect((await rawRequest(`${emulator.url}/ping`)).status).toBe(404)
    expect((await rawRequest(`${emulator.url}/version`)).text).toBe('{"version":"0.6.4.post1"}')
    expect((await rawRequest(`${emulator.url}/health`)).headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
  })

  test('0.6.4.post1 reports failures in streams as Python serialises them', async () => {
    await start({ version: '0.6.4.post1', faults: [{ kind: 'error-event' }] })
    expect((await chat({ stream: true })).text).toBe(
      'data: {"error": {"object": "error", "message": "The engine failed.", "type": "InternalServerError", "param": null, "code": 500}}\n\ndata: [DONE]\n\n',
    )
  })

  test.each([
    ['0.6.5', false],
    ['0.10.0', false],
    ['0.10.1', true],
    ['0.12.0', true],
  ])('%s ignores unknown fields; errors nested: %s', async (version, nested) => {
    await start({ version })
    expect((await chat({ nonsense: 1 })).status).toBe(200)
    expect('error' in JSON.parse((await chat({ model: 'x' })).text)).toBe(nested)
  })

  test.each([
    ['0.7.0', 200],
    ['0.7.3', 415],
    ['0.9.0', 400],
  ])('%s answers a body of another type with %i', async (version, status) => {
    await start({ version })
    const response = await post(
      '/v1/completions',
      { model, prompt: 'x' },
      { 'content-type': 'application/json; charset=utf-8' },
    )
    expect(response.status).toBe(200)
    const other = await post('/v1/completions', { model, prompt: 'x' }, { 'content-type': 'text/plain' })
    expect(other.status).toBe(status === 200 ? 400 : status)
  })

  test.each([
    ['0.6.4.post1', '<think>\nhmm\n</think>\n\nyes', undefined, undefined],
    ['0.11.0', 'yes', 'hmm', undefined],
    ['0.11.1', 'yes', undefined, 'hmm'],
  ])('%s puts reasoning where it belongs', async (version, content, reasoning_content, reasoning) => {
    await start({ version, respond: () => ({ text: 'yes', reasoning: 'hmm' }) })
    const { message } = JSON.parse((await chat()).text).choices[0]
    expect([message.content, message.reasoning_content, message.reasoning]).toEqual([
      content,
      reasoning_content,
      reasoning,
    ])
    const deltas = eventsOf((await chat({ stream: true })).text).map(
      ({ choices }) => (choices as { delta: Record<string, string> }[])[0]?.delta,
    )
    const key = reasoning === undefined ? 'reasoning_content' : 'reasoning'
    expect(deltas.map((delta) => delta?.[key] ?? '').join('')).toBe(reasoning ?? reasoning_content ?? '')
  })

  test.each([
    ['0.6.4.post1', { guided_regex: 'b{3}' }, 'bbb'],
    ['0.11.0', { guided_choice: ['yes'] }, 'yes'],
    ['0.11.0', { structured_outputs: { choice: ['yes'] } }, 'yes'],
  ])('%s keeps to %o', async (version, fields, text) => {
    await start({ version, respond: undefined })
    expect(JSON.parse((await chat(fields)).text).choices[0].message.content).toBe(text)
  })

  test('0.12.0 ignores guided fields', async () => {
    await start({ version: '0.12.0', respond: undefined })
    expect(JSON.parse((await chat({ guided_choice: ['yes'] })).text).choices[0].message.content).toContain('emulator')
  })

  test.each([
    [
      '0.6.4.post1',
      ['gpu_cache_usage_perc', 'time_per_output_token_seconds', 'num_requests_swapped'],
      ['kv_cache_usage_perc', 'engine="0"'],
    ],
    [
      '0.11.0',
      ['gpu_cache_usage_perc', 'kv_cache_usage_perc', 'inter_token_latency_seconds', 'engine="0"'],
      ['num_requests_swapped'],
    ],
    [
      '0.14.0',
      ['kv_cache_usage_perc', 'inter_token_latency_seconds'],
      ['gpu_cache_usage_perc', 'time_per_output_token_seconds'],
    ],
  ])('%s names its metrics', async (version, present, absent) => {
    await start({ version })
    await chat()
    const { text } = await rawRequest(`${emulator.url}/metrics/`)
    expect(text).toMatch(/vllm:generation_tokens_total\{[^}]*\} 3\.0/)
    expect(text).toMatch(/vllm:time_to_first_token_seconds_count\{[^}]*\} 1\.0/)
    for (const name of present) expect(text).toContain(name)
    for (const name of absent) expect(text).not.toContain(name)
  })

  test.each([
    ['0.6.4.post1', 404],
    ['0.7.0', 200],
  ])('%s answers /ping with %i', async (version, status) => {
    await start({ version })
    expect((await rawRequest(`${emulator.url}/ping`, { method: 'POST' })).status).toBe(status)
  })
})

describe('keys', () => {
  test.each([
    ['0.11.0', 'Bearer k1', 200],
    ['0.11.0', 'Bearer k2', 200],
    ['0.11.0', 'bearer k1', 401],
    ['0.12.0', 'bearer k1', 200],
    ['0.11.0', 'Bearer k1 ', 200],
    ['0.11.0', 'Bearer k', 401],
  ])('%s answers "%s" with %i', async (version, authorization, status) => {
    await start({ version, apiKey: ['k1', 'k2'] })
    const response = await rawRequest(`${emulator.url}/v1/models`, { headers: { authorization } })
    expect(response.status).toBe(status)
  })

  test('only /v1 is protected, and the refusal is a string', async () => {
    await start({ apiKey: 'k' })
    expect(await rawRequest(`${emulator.url}/v1/models`)).toMatchObject({
      status: 401,
      text: '{"error":"Unauthorized"}',
    })
    for (const path of ['/health', '/version', '/metrics'])
      expect((await rawRequest(emulator.url + path)).status).toBe(200)
  })
})

test('tokens come back as text', async () => {
  await start()
  const { tokens, count, max_model_len } = JSON.parse(
    (await post('/tokenize', { model, prompt: 'naïve [PREFIX]\t🎉', add_special_tokens: false })).text,
  )
  expect([count, max_model_len]).toEqual([tokens.length, 32_768])
  expect((await post('/detokenize', { model, tokens })).text).toBe('{"prompt":"naïve [PREFIX]\\t🎉"}')
  expect(JSON.parse((await post('/tokenize', { model, messages })).text).count).toBe(5)
})

test('the same seed gives the same answers, another seed and another sample others', async () => {
  const answers: string[] = []
  for (const seed of [1, 1, 2]) {
    await start({ respond: undefined, seed })
    answers.push(withoutId((await chat({ n: 4 })).text))
    await emulator.close()
  }
  expect(answers[0]).toBe(answers[1])
  expect(answers[0]).not.toBe(answers[2])
})
