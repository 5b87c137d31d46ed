import { selectModels } from '@duo-models/rules'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { eventsOf, rawRequest } from '../../test/raw-request.js'
import { type Emulator, startEmulator } from '../start-emulator.js'
import type { AzureOpenAIEmulatorOptions } from './azure-openai-emulator-options.js'

let emulator: Emulator
afterEach(() => emulator.close())

const messages = [{ role: 'user', content: 'Hi' }]
const version = '2024-10-21'

async function start(options: Omit<AzureOpenAIEmulatorOptions, 'platform'> = {}): Promise<void> {
  emulator = await startEmulator({ platform: 'azure-openai', speed: 0, respond: () => 'one two', ...options })
}

const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = { 'api-key': 'k' }) =>
  rawRequest(emulator.url + path, { body, headers })
const chat = (fields: object = {}, apiVersion = version, deployment = 'gpt-4o') =>
  post(`/openai/deployments/${deployment}/chat/completions?api-version=${apiVersion}`, { messages, ...fields })
const chatV1 = (fields: object = {}) => post('/openai/v1/chat/completions', { model: 'gpt-4o', messages, ...fields })
const errorOf = (text: string) => (JSON.parse(text) as { error: Record<string, unknown> }).error
const withoutIds = (text: string) =>
  text
    .replace(/"id":"chatcmpl-[0-9a-f]{29}"/g, '"id":"I"')
    .replace(/"created":[1-9]\d+/g, '"created":1')
    .replace(/"system_fingerprint":"fp_[0-9a-f]{10}"/g, '"system_fingerprint":"F"')
    .replace(/"obfuscation":"[a-zA-Z0-9]+",/g, '"obfuscation":"O",')

const safe =
  '{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}'
const promptChunk = `data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"content_filter_results":${safe},"prompt_index":0}]}\n\n`
const chunkOf = (choices: string, more = '') =>
  `data: {"choices":[${choices}],"created":1,"id":"I","model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"F"${more}}\n\n`

describe('bytes', () => {
  test('of a stream', async () => {
    await start()
    const { text, headers } = await chat({ stream: true })
    expect(withoutIds(text)).toBe(
      promptChunk +
        chunkOf(
          '{"content_filter_results":{},"delta":{"content":"","refusal":null,"role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}',
        ) +
        chunkOf(
          `{"content_filter_results":${safe},"delta":{"content":"one"},"finish_reason":null,"index":0,"logprobs":null}`,
        ) +
        chunkOf(
          `{"content_filter_results":${safe},"delta":{"content":" two"},"finish_reason":null,"index":0,"logprobs":null}`,
        ) +
        chunkOf('{"content_filter_results":{},"delta":{},"finish_reason":"stop","index":0,"logprobs":null}') +
        'data: [DONE]\n\n',
    )
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'transfer-encoding': 'chunked',
      'x-accel-buffering': 'no',
      'x-ms-region': 'East US',
      'x-ms-rai-invoked': 'true',
      'x-ms-deployment-name': 'gpt-4o',
      'x-ms-is-spilled-over': 'false',
      'azureml-model-session': expect.any(String),
      'apim-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-ratelimit-remaining-requests': '-1',
      'x-ratelimit-remaining-tokens': '-1',
    })
  })

  test('of a stream with usage, filter off', async () => {
    await start({ contentFilter: 'off' })
    const { text, headers } = await chat({ stream: true, max_tokens: 1, stream_options: { include_usage: true } })
    const counts =
      '{"completion_tokens":1,"completion_tokens_details":{"accepted_prediction_tokens":0,"audio_tokens":0,"reasoning_tokens":0,"rejected_prediction_tokens":0},"prompt_tokens":P,"prompt_tokens_details":{"audio_tokens":0,"cached_tokens":0},"total_tokens":T}'
    const none = ',"usage":null'
    expect(
      withoutIds(text)
        .replace(/"prompt_tokens":\d+/, '"prompt_tokens":P')
        .replace(/"total_tokens":\d+/, '"total_tokens":T'),
    ).toBe(
      chunkOf(
        '{"delta":{"content":"","refusal":null,"role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}',
        none,
      ) +
        chunkOf('{"delta":{"content":"one"},"finish_reason":null,"index":0,"logprobs":null}', none) +
        chunkOf('{"delta":{},"finish_reason":"length","index":0,"logprobs":null}', none) +
        chunkOf('', `,"usage":${counts}`) +
        'data: [DONE]\n\n',
    )
    expect(headers['x-ms-rai-invoked']).toBe('false')
  })

  test('of a whole answer, which ends with a line break', async () => {
    await start()
    const { text, headers } = await chat()
    expect(text).toMatch(/\}\n$/)
    expect(headers['content-type']).toBe('application/json')
    expect(Object.keys(JSON.parse(text))).toEqual([
      'choices',
      'created',
      'id',
      'model',
      'object',
      'prompt_filter_results',
      'system_fingerprint',
      'usage',
    ])
    expect(JSON.parse(text).choices).toEqual([
      {
        content_filter_results: JSON.parse(safe),
        finish_reason: 'stop',
        index: 0,
        logprobs: null,
        message: { annotations: [], content: 'one two', refusal: null, role: 'assistant' },
      },
    ])
  })

  test('hide the length of the text from 2025 on, unless that is not wanted', async () => {
    await start()
    const isHidden = ({ text }: { readonly text: string }) => text.includes('"obfuscation":"')
    expect(isHidden(await chat({ stream: true }))).toBe(false)
    expect(isHidden(await chat({ stream: true }, '2025-01-01-preview'))).toBe(true)
    expect(isHidden(await chatV1({ stream: true }))).toBe(true)
    expect(isHidden(await chatV1({ stream: true, stream_options: { include_obfuscation: false } }))).toBe(false)
    const lengths = eventsOf((await chatV1({ stream: true })).text).map(
      ({ obfuscation = '' }) => String(obfuscation).length,
    )
    expect(new Set(lengths).size).toBeGreaterThan(1)
  })
})

describe('answers', () => {
  test('of several samples are told apart by index and end each by itself', async () => {
    await start({ respond: ({ sample }) => (sample === 0 ? 'a' : 'b c') })
    const chunks = eventsOf((await chat({ n: 2, stream: true })).text).flatMap(
      ({ choices }) => choices as { index: number; delta: { content?: string }; finish_reason: string | null }[],
    )
    const text = (index: number) =>
      chunks
        .filter((choice) => choice.index === index)
        .map(({ delta }) => delta.content ?? '')
        .join('')
    expect([text(0), text(1)]).toEqual(['a', 'b c'])
    expect(chunks.filter(({ finish_reason }) => finish_reason !== null).map(({ index }) => index)).toEqual([0, 1])
  })

  test('have log probabilities on request', async () => {
    await start()
    const { choices } = JSON.parse((await chat({ logprobs: true, top_logprobs: 2 })).text)
    expect(choices[0].logprobs.content[0]).toMatchObject({ token: 'one', top_logprobs: [{ token: 'one' }, {}] })
  })

  test('from data sources have a context, and take no stream_options', async () => {
    await start()
    const data_sources = [{ type: 'azure_search', parameters: {} }]
    expect(JSON.parse((await chat({ data_sources })).text).choices[0].message.context).toEqual({
      citations: [],
      intent: '[]',
    })
    const { status, text } = await chat({ data_sources, stream: true, stream_options: { include_usage: true } })
    expect(status).toBe(400)
    expect(errorOf(text)).toEqual({
      requestid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      code: 400,
      message: 'Validation error at #/stream_options: Extra inputs are not permitted',
    })
  })

  test('of a `respond` function that fails are server errors', async () => {
    await start({
      respond: () => {
        throw new Error('my mistake')
      },
    })
    const { status, text } = await chat({ stream: true })
    expect(status).toBe(500)
    expect(errorOf(text)).toMatchObject({ message: 'my mistake', type: 'server_error' })
  })

  test('have the same text whole and streamed, whatever it is', async () => {
    let answer = ''
    await start({ respond: () => answer })
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.string({ minLength: 1 }), { maxLength: 4 }),
        async (text, stop) => {
          answer = text
          const whole = JSON.parse((await chat({ stop, max_tokens: 20 })).text).choices[0]
          const choices = eventsOf((await chat({ stop, max_tokens: 20, stream: true })).text).flatMap(
            (chunk) => chunk['choices'] as { delta: { content?: string }; finish_reason: string | null }[],
          )
          expect(choices.map(({ delta }) => delta.content ?? '').join('')).toBe(whole.message.content)
          expect(choices.at(-1)?.finish_reason).toBe(whole.finish_reason)
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('completions', () => {
  const complete = (fields: object = {}) =>
    post(`/openai/deployments/i/completions?api-version=${version}`, { prompt: 'x', ...fields })
  const deployments = { i: { model: 'gpt-35-turbo-instruct' } }

  test('answer every prompt and sample, whole and streamed', async () => {
    await start({ deployments, respond: ({ prompt, sample }) => `${prompt}${sample}` })
    const body = { prompt: ['a', 'b'], n: 2, echo: true }
    const whole = JSON.parse((await complete(body)).text)
    expect(whole.choices.map(({ text }: { text: string }) => text)).toEqual(['aa0', 'aa1', 'bb0', 'bb1'])
    expect(whole.prompt_filter_results).toHaveLength(2)
    const choices = eventsOf((await complete({ ...body, stream: true })).text).flatMap(
      (chunk) => chunk['choices'] as { index: number; text: string }[],
    )
    const texts = [0, 1, 2, 3].map((index) =>
      choices
        .filter((choice) => choice.index === index)
        .map(({ text }) => text)
        .join(''),
    )
    expect(texts).toEqual(['aa0', 'aa1', 'bb0', 'bb1'])
  })

  test('stop at 16 tokens, or at none', async () => {
    await start({ deployments, respond: () => 'word '.repeat(50) })
    expect(JSON.parse((await complete()).text)).toMatchObject({
      object: 'text_completion',
      choices: [{ finish_reason: 'length' }],
      usage: { completion_tokens: 16 },
    })
    const { text } = await complete({ max_tokens: 0, echo: true, stream: true })
    expect(eventsOf(text).flatMap((chunk) => chunk['choices'])).toMatchObject([
      { text: 'x', finish_reason: null },
      { text: '', finish_reason: 'length' },
    ])
  })

  test('take token ids, and nothing else that is no text', async () => {
    await start({ deployments })
    expect((await complete({ prompt: [1, 2, 3] })).status).toBe(200)
    for (const prompt of [1, {}, [], [[]], ['a', 1]]) {
      expect(errorOf((await complete({ prompt })).text)).toMatchObject({ param: 'prompt', code: 'invalid_type' })
    }
    expect(errorOf((await complete({ prompt: undefined })).text)).toMatchObject({ code: 'missing_required_parameter' })
  })

  test('do not work with chat models, nor chat with models for completions', async () => {
    await start({ deployments: { ...deployments, c: { model: 'gpt-4o' } } })
    const { status, text } = await post(`/openai/deployments/c/completions?api-version=${version}`, { prompt: 'x' })
    expect(status).toBe(400)
    expect(errorOf(text)).toMatchObject({
      code: 'OperationNotSupported',
      message: expect.stringMatching(/^The completion operation.*gpt-4o/),
    })
    expect(errorOf((await chat({}, version, 'i')).text)).toMatchObject({
      code: 'OperationNotSupported',
      message: expect.stringMatching(/^The chatCompletion operation.*gpt-35-turbo-instruct/),
    })
  })
})

describe('versions', () => {
  test.each([
    ['missing', ''],
    ['unknown', '?api-version=2024-01-01'],
    ['empty', '?api-version='],
  ])('one that is %s is a 404', async (_name, query) => {
    await start()
    const { status, text } = await post(`/openai/deployments/gpt-4o/chat/completions${query}`, { messages })
    expect(status).toBe(404)
    expect(JSON.parse(text)).toEqual({ error: { code: '404', message: 'Resource not found' } })
  })

  test('are those the options name', async () => {
    await start({ apiVersions: ['2030-01-01'] })
    expect((await chat({}, '2030-01-01')).status).toBe(200)
    expect((await chat()).status).toBe(404)
  })

  test('v1 takes none, or a word for its newest', async () => {
    await start()
    expect((await chatV1()).status).toBe(200)
    expect((await post('/openai/v1/chat/completions?api-version=preview', { model: 'gpt-4o', messages })).status).toBe(
      200,
    )
    const { status, text } = await post(`/openai/v1/chat/completions?api-version=${version}`, {
      model: 'gpt-4o',
      messages,
    })
    expect(status).toBe(400)
    expect(errorOf(text)).toEqual({ code: 'BadRequest', message: 'API version not supported' })
  })

  const format = { type: 'json_schema', json_schema: { name: 'x', schema: {} } }
  test.each<[string, object, RegExp]>([
    ['2024-06-01', { stream: true, stream_options: {} }, /^Unrecognized request argument supplied: stream_options$/],
    [
      '2024-08-01-preview',
      { max_completion_tokens: 5 },
      /^Unrecognized request argument supplied: max_completion_tokens$/,
    ],
    ['2023-05-15', { tools: [], tool_choice: 'none' }, /^Unrecognized request arguments supplied: tool_choice, tools$/],
    ['2023-05-15', { response_format: { type: 'text' } }, /^Unrecognized request argument supplied: response_format$/],
    [
      '2024-07-01-preview',
      { response_format: format },
      /^response_format value as json_schema is enabled only for api versions 2024-08-01-preview and later$/,
    ],
  ])('%s does not know %j', async (apiVersion, fields, message) => {
    await start()
    const { status, text } = await chat(fields, apiVersion)
    expect(status).toBe(400)
    expect(errorOf(text)['message']).toMatch(message)
    expect((await chat(fields, '2025-01-01-preview')).status).toBe(200)
  })

  test('before the end of 2024 know no models that reason', async () => {
    await start({ model: 'o3-mini' })
    expect(errorOf((await chat({}, version, 'o3-mini')).text)).toEqual({
      code: 'BadRequest',
      message: 'Model {modelName} is enabled only for api versions 2024-12-01-preview and later',
    })
    expect((await chat({}, '2024-12-01-preview', 'o3-mini')).status).toBe(200)
  })
})

describe('paths', () => {
  test.each([
    ['POST', '/chat/completions'],
    ['POST', '/v1/chat/completions'],
    ['POST', `/openai/chat/completions?api-version=${version}`],
    ['POST', `/openai/deployments/gpt-4o/embeddings?api-version=${version}`],
    ['POST', `/openai/deployments/gpt-4o/models?api-version=${version}`],
    ['POST', `/openai/deployments/%ZZ/chat/completions?api-version=${version}`],
    ['GET', `/openai/deployments/gpt-4o/chat/completions?api-version=${version}`],
    ['POST', '/openai/v1/models'],
  ])('%s %s is a 404', async (method, path) => {
    await start()
    const { status, text } = await rawRequest(emulator.url + path, {
      method,
      headers: { 'api-key': 'k' },
      ...(method === 'POST' ? { body: { messages } } : {}),
    })
    expect(status).toBe(404)
    expect(errorOf(text)).toEqual({ code: '404', message: 'Resource not found' })
  })

  test('models are listed on both APIs', async () => {
    await start({
      deployments: { a: { model: 'gpt-4o' }, b: { model: 'gpt-4o' }, c: { model: 'mine', modelVersion: '1' } },
    })
    for (const path of ['/openai/v1/models', `/openai/models?api-version=${version}`]) {
      const { text } = await rawRequest(emulator.url + path, { headers: { 'api-key': 'k' } })
      expect(JSON.parse(text).data.map(({ id }: { id: string }) => id)).toEqual(['gpt-4o-2024-08-06', 'mine-1'])
    }
  })
})

describe('credentials', () => {
  test('of some kind are always wanted', async () => {
    await start()
    for (const headers of [{}, { 'api-key': '' }, { authorization: 'Bearer ' }, { authorization: 'Basic eDp5' }]) {
      const { status, text } = await post('/openai/v1/chat/completions', {}, headers)
      expect(status).toBe(401)
      expect(errorOf(text)['code']).toBe('401')
    }
    expect(
      (await post('/openai/v1/chat/completions', { model: 'gpt-4o', messages }, { authorization: 'bearer any' }))
        .status,
    ).toBe(200)
  })

  test('are looked at before the path and the version', async () => {
    await start({ apiKey: ['a', 'b'] })
    expect((await post('/nowhere', {}, { 'api-key': 'c' })).status).toBe(401)
    expect((await post('/nowhere', {}, { 'api-key': 'b' })).status).toBe(404)
  })

  test('a key is no token on the dated API', async () => {
    await start({ apiKey: 'a' })
    const path = `/openai/deployments/gpt-4o/chat/completions?api-version=${version}`
    expect((await post(path, { messages }, { authorization: 'Bearer a' })).status).toBe(401)
    expect(
      (await post('/openai/v1/chat/completions', { model: 'gpt-4o', messages }, { authorization: 'Bearer a' })).status,
    ).toBe(200)
  })

  test('keys can be switched off', async () => {
    await start({ apiKey: 'a', entraToken: 't', keyAuthentication: false })
    const { status, text } = await post('/openai/v1/chat/completions', {}, { 'api-key': 'a' })
    expect(status).toBe(403)
    expect(errorOf(text)['code']).toBe('AuthenticationTypeDisabled')
    expect((await post('/openai/v1/chat/completions', {}, { authorization: 'Bearer a' })).status).toBe(401)
    expect(
      (await post('/openai/v1/chat/completions', { model: 'gpt-4o', messages }, { authorization: 'Bearer t' })).status,
    ).toBe(200)
  })

  test('never appear in a refusal', async () => {
    await start({ apiKey: 'right', entraToken: { token: 'expired-token', state: 'expired' } })
    for (const headers of [
      { 'api-key': 'canary' },
      { authorization: 'Bearer canary' },
      { authorization: 'Bearer expired-token' },
    ]) {
      const { text, headers: received } = await post('/openai/v1/chat/completions', {}, headers)
      expect(text + JSON.stringify(received)).not.toMatch(/canary|expired-token|right/)
    }
  })
})

describe('requests that are refused', () => {
  const user = (content: unknown) => ({ messages: [{ role: 'user', content }] })
  const tools = [{ type: 'function', function: { name: 'f' } }]

  test.each<[object, string | null, string | null, RegExp]>([
    [{ messages: undefined }, 'messages', 'missing_required_parameter', /^Missing required parameter: 'messages'\.$/],
    [{ messages: [] }, 'messages', 'empty_array', /minimum length 1/],
    [{ messages: 'Hi' }, 'messages', 'invalid_type', /expected an array, but got a string instead/],
    [{ messages: [1] }, 'messages[0]', 'invalid_type', /expected an object, but got an integer/],
    [{ messages: [{}] }, 'messages[0].role', 'missing_required_parameter', /messages\[0\]\.role/],
    [
      { messages: [{ role: 'human', content: 'x' }] },
      'messages[0].role',
      'invalid_value',
      /'human'.*Supported values are: 'system'/,
    ],
    [user(null), 'messages[0].content', null, /expected a string, got null/],
    [user(1), 'messages[0].content', 'invalid_type', /string or array of objects/],
    [{ temperature: 3 }, 'temperature', 'decimal_above_max_value', /Expected a value <= 2, but got 3 instead/],
    [{ temperature: '1' }, 'temperature', 'invalid_type', /expected a decimal, but got a string/],
    [{ n: 0 }, 'n', 'integer_below_min_value', /Expected a value >= 1, but got 0/],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', 'array_above_max_length', /maximum length 4.*length 5/],
    [{ stop: [1] }, 'stop', 'invalid_type', /string or array of strings/],
    [{ guided_json: {} }, null, null, /^Unrecognized request argument supplied: guided_json$/],
    [{ b: 1, a: 2 }, null, null, /^Unrecognized request arguments supplied: a, b$/],
    [{ stream_options: {} }, 'stream_options', null, /only allowed when 'stream' is enabled/],
    [{ top_logprobs: 2 }, 'top_logprobs', null, /only allowed when 'logprobs' is enabled/],
    [{ tool_choice: 'auto' }, 'tool_choice', null, /only allowed when 'tools' are specified/],
    [{ tools: [{ type: 'function' }] }, 'tools[0].function', 'missing_required_parameter', /tools\[0\]\.function/],
    [
      { tools, tool_choice: { type: 'function', function: { name: 'g' } } },
      'tool_choice',
      null,
      /'g' not found in 'tools'/,
    ],
    [{ response_format: { type: 'json_object' } }, 'messages', null, /must contain the word 'json'/],
    [{ response_format: { type: 'xml' } }, 'response_format.type', 'invalid_value', /'xml'/],
    [
      { response_format: { type: 'json_schema' } },
      'response_format.json_schema',
      'missing_required_parameter',
      /json_schema/,
    ],
    [
      { max_tokens: 20_000 },
      'max_tokens',
      'invalid_value',
      /max_tokens is too large: 20000\. This model supports at most 16384/,
    ],
    [{ reasoning_effort: 'low' }, null, null, /^Unrecognized request argument supplied: reasoning_effort$/],
  ])('%j', async (fields, param, code, message) => {
    await start()
    const { status, text } = await chat(fields)
    expect(status).toBe(400)
    expect(errorOf(text)).toMatchObject({
      param,
      code,
      type: 'invalid_request_error',
      message: expect.stringMatching(message),
    })
  })

  test.each<[object, string, string]>([
    [{ max_tokens: 5 }, 'max_tokens', 'unsupported_parameter'],
    [{ temperature: 0 }, 'temperature', 'unsupported_value'],
    [{ top_p: 0.5 }, 'top_p', 'unsupported_parameter'],
    [{ logprobs: true }, 'logprobs', 'unsupported_parameter'],
    [{ presence_penalty: 1 }, 'presence_penalty', 'unsupported_parameter'],
    [{ reasoning_effort: 'huge' }, 'reasoning_effort', 'invalid_value'],
  ])('%j by models that reason', async (fields, param, code) => {
    await start({ deployments: { o: { model: 'o3-mini' }, g: { model: 'gpt-5-mini' }, c: { model: 'gpt-5-chat' } } })
    for (const model of ['o', 'g']) {
      const { status, text } = await post('/openai/v1/chat/completions', { model, messages, ...fields })
      expect(status).toBe(400)
      expect(errorOf(text)).toMatchObject({ param, code })
    }
    if (!('reasoning_effort' in fields)) {
      expect((await post('/openai/v1/chat/completions', { model: 'c', messages, ...fields })).status).toBe(200)
    }
  })

  test('a prompt that is too long', async () => {
    await start({ deployments: { s: { model: 'gpt-4o', contextWindow: 20 } } })
    const long = { messages: [{ role: 'user', content: 'word '.repeat(40) }] }
    const { status, text } = await chat(long, version, 's')
    expect(status).toBe(400)
    expect(errorOf(text)).toMatchObject({
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
      param: 'messages',
      message: expect.stringMatching(
        /^This model's maximum context length is 20 tokens\. However, your messages resulted in \d+ tokens\./,
      ),
    })
    expect(errorOf((await chat({ max_tokens: 19 }, version, 's')).text)['message']).toMatch(
      /However, you requested \d+ tokens \(\d+ in the messages, 19 in the completion\)/,
    )
  })

  test('a body that is no JSON object, or names no model on v1', async () => {
    await start()
    const deep = `{"model":"gpt-4o","tools":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    for (const body of ['', '{', '[]', '1', deep]) {
      const { status, text } = await post('/openai/v1/chat/completions', body)
      expect(status).toBe(400)
      expect(errorOf(text)['message']).toMatch(/could not parse the JSON body/)
    }
    expect(errorOf((await post('/openai/v1/chat/completions', { messages })).text)).toMatchObject({ param: 'model' })
    expect((await post('/openai/v1/chat/completions', { model: ['gpt-4o'], messages })).status).toBe(404)
  })

  test('any JSON at all is answered, and never as a failure of the server', async () => {
    await start({ deployments: { a: { model: 'gpt-4o' }, o: { model: 'o1' }, i: { model: 'gpt-35-turbo-instruct' } } })
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom('auto', 'x', 1, true, null))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('chat/completions', 'completions'),
        fc.record(
          {
            model: fc.constantFrom('a', 'o', 'i'),
            messages: fc.oneof(fc.jsonValue(), fc.constant(messages)),
            prompt: field,
            tools: field,
            tool_choice: field,
            response_format: field,
            stream_options: field,
            stop: field,
            n: field,
            logprobs: field,
            max_tokens: field,
            temperature: field,
            data_sources: field,
          },
          { requiredKeys: ['model'] },
        ),
        async (operation, body) => {
          const { status } = await post(`/openai/v1/${operation}`, body)
          expect([200, 400]).toContain(status)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('the content filter', () => {
  const respond = () => 'I like sharp words very much.'
  const filteredWords = { violence: ['Sharp'], jailbreak: ['sudo'], protected_material_text: ['lyrics'] } as const

  test.each([
    ['wire', 'innererror', 'content_filter_result'],
    ['specification', 'inner_error', 'content_filter_results'],
  ] as const)('tells what it found in a prompt, spelled as on the %s', async (innerErrorSpelling, outer, inner) => {
    await start({ filteredWords, innerErrorSpelling })
    const { status, text } = await chat({ messages: [{ role: 'user', content: 'SUDO' }], stream: true })
    expect(status).toBe(400)
    expect(errorOf(text)).toMatchObject({
      code: 'content_filter',
      param: 'prompt',
      type: null,
      status: 400,
      message: expect.stringMatching(/content management policy/),
      [outer]: {
        code: 'ResponsibleAIPolicyViolation',
        [inner]: { jailbreak: { filtered: true, detected: true }, hate: { filtered: false, severity: 'safe' } },
      },
    })
  })

  test('may keep it to itself, and does not look for words of the other side', async () => {
    await start({ filteredWords, innerErrorSpelling: 'none' })
    const { text } = await chat({ messages: [{ role: 'user', content: 'sharp' }] })
    expect(Object.keys(errorOf(text))).toEqual(['message', 'type', 'param', 'code', 'status'])
    expect((await chat({ messages: [{ role: 'user', content: 'lyrics' }] })).status).toBe(200)
  })

  test('withholds an answer', async () => {
    await start({ respond, filteredWords })
    expect(JSON.parse((await chat()).text).choices).toEqual([
      {
        content_filter_results: {
          ...JSON.parse(safe),
          violence: { filtered: true, severity: 'medium' },
          protected_material_text: { filtered: false, detected: false },
        },
        finish_reason: 'content_filter',
        index: 0,
        logprobs: null,
      },
    ])
  })

  test('ends a stream before the word', async () => {
    await start({ respond, filteredWords })
    const choices = eventsOf((await chat({ stream: true })).text).flatMap((chunk) => chunk['choices'] as object[])
    expect(choices.slice(1)).toMatchObject([
      { delta: { content: 'I' } },
      { delta: { content: ' like' } },
      { delta: {}, finish_reason: 'content_filter', content_filter_results: { violence: { filtered: true } } },
    ])
    await emulator.close()
    await start({ respond: () => 'Sharp.', filteredWords })
    const first = eventsOf((await chat({ stream: true })).text)
    expect(first.at(-1)?.['choices']).toMatchObject([{ delta: {}, finish_reason: 'content_filter' }])
  })

  test('ends completions before the word too, and tells only then', async () => {
    await start({ respond, filteredWords, deployments: { i: { model: 'gpt-35-turbo-instruct' } } })
    const { text } = await post(`/openai/deployments/i/completions?api-version=${version}`, {
      prompt: 'x',
      stream: true,
    })
    const choices = eventsOf(text).flatMap((chunk) => chunk['choices'] as object[])
    expect(choices).toMatchObject([
      { text: 'I', finish_reason: null, content_filter_results: { violence: { filtered: false } } },
      { text: ' like', finish_reason: null, content_filter_results: { violence: { filtered: false } } },
      { text: '', finish_reason: 'content_filter', content_filter_results: { violence: { filtered: true } } },
    ])
  })

  test('annotates later, in chunks without a delta, when it is asynchronous', async () => {
    await start({ respond: () => 'word '.repeat(60), contentFilter: 'asynchronous' })
    const chunks = eventsOf((await chat({ stream: true })).text) as { id: string; choices: Record<string, unknown>[] }[]
    expect(chunks[0]).toHaveProperty('prompt_filter_results')
    const isAnnotation = ({ id, choices }: (typeof chunks)[number]) => id === '' && choices.length > 0
    const annotations = chunks.filter(isAnnotation)
    expect(annotations.map(({ choices }) => choices[0])).toEqual([
      {
        index: 0,
        finish_reason: null,
        content_filter_results: JSON.parse(safe),
        content_filter_offsets: { check_offset: 0, start_offset: 0, end_offset: 154 },
      },
      {
        index: 0,
        finish_reason: null,
        content_filter_results: JSON.parse(safe),
        content_filter_offsets: { check_offset: 154, start_offset: 154, end_offset: 300 },
      },
    ])
    const content = chunks.filter((chunk) => !isAnnotation(chunk)).slice(1)
    expect(content.every(({ choices }) => !('content_filter_results' in (choices[0] ?? {})))).toBe(true)
    expect(chunks.findIndex(isAnnotation)).toBeGreaterThan(2)
    // The last annotation comes after the finish chunk, with a finish reason of its own that is null.
    expect(chunks.at(-2)?.choices[0]).toMatchObject({ finish_reason: 'stop' })
    expect(isAnnotation(chunks.at(-1) ?? { id: 'x', choices: [] })).toBe(true)
  })

  test('stops an answer later when it is asynchronous, by an annotation', async () => {
    const text = `Some sharp words. ${'And more. '.repeat(200)}`
    await start({ respond: () => text, contentFilter: 'asynchronous', filteredWords })
    const choices = eventsOf((await chat({ stream: true })).text).flatMap(
      (chunk) => chunk['choices'] as { delta?: { content?: string }; finish_reason: string | null }[],
    )
    const delivered = choices.map(({ delta }) => delta?.content ?? '').join('')
    expect(text.startsWith(delivered)).toBe(true)
    expect(delivered.length).toBeGreaterThan(900)
    expect(delivered.length).toBeLessThan(1_020)
    expect(choices.at(-1)).toMatchObject({ finish_reason: 'content_filter' })
    expect(choices.at(-1)).not.toHaveProperty('delta')
    expect(choices.filter(({ finish_reason }) => finish_reason !== null)).toHaveLength(1)
    expect(JSON.parse((await chat()).text).choices[0]).not.toHaveProperty('message')
  })

  test('is the default one for versions from before the asynchronous one', async () => {
    await start({ contentFilter: 'asynchronous' })
    expect((await chat({ stream: true }, '2023-12-01-preview')).text).not.toContain('content_filter_offsets')
    expect((await chat({ stream: true })).text).toContain('content_filter_offsets')
  })

  test('delivers unfiltered while it is down, and says so', async () => {
    await start({ respond, contentFilter: 'unavailable', filteredWords })
    const error = { error: { code: 'content_filter_error', message: 'The contents are not filtered' } }
    const body = JSON.parse((await chat({ messages: [{ role: 'user', content: 'sudo' }] })).text)
    expect(body.prompt_filter_results).toEqual([{ prompt_index: 0, content_filter_result: error }])
    expect(body.choices[0]).toMatchObject({
      finish_reason: 'stop',
      content_filter_results: error,
      message: { content: respond() },
    })
    const { text } = await chat({ stream: true })
    expect(text).toContain('"content_filter_results":{"error":{"code":"content_filter_error"')
  })

  test('does nothing while it is off', async () => {
    await start({ respond, contentFilter: 'off', filteredWords })
    for (const stream of [true, false]) {
      const { text } = await chat({ messages: [{ role: 'user', content: 'sudo' }], stream })
      expect(text).toContain('much')
      expect(text).not.toContain('filter')
    }
  })
})

describe('limits of a deployment', () => {
  test('are told in headers, as plain numbers', async () => {
    await start({ deployments: { a: { model: 'gpt-4o', requestsPerMinute: 60, tokensPerMinute: 1_000 } } })
    const { headers } = await chat({ max_tokens: 100 }, version, 'a')
    expect(headers).toMatchObject({
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-reset-requests': expect.stringMatching(/^\d+$/),
      'x-ratelimit-reset-tokens': expect.stringMatching(/^\d+$/),
    })
    const remaining = Number(headers['x-ratelimit-remaining-tokens'])
    expect(remaining).toBeLessThan(900)
    expect(remaining).toBeGreaterThan(800)
  })

  test('refuse what is too much, with the wait in header and text', async () => {
    await start({ deployments: { a: { model: 'gpt-4o', requestsPerMinute: 6 } } })
    expect((await chat({}, version, 'a')).status).toBe(200)
    const { status, headers, text } = await chat({}, version, 'a')
    expect(status).toBe(429)
    expect(headers['retry-after']).toMatch(/^([1-9]|10)$/)
    expect(headers['retry-after-ms']).toBeUndefined()
    expect(headers['x-ratelimit-remaining-requests']).toBeDefined()
    expect(errorOf(text)).toEqual({
      code: '429',
      message: expect.stringMatching(
        /^Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded call rate limit of your current OpenAI S0 pricing tier\. Please retry after \d+ seconds\./,
      ),
    })
  })

  test('estimate tokens before anything is generated', async () => {
    await start({ deployments: { a: { model: 'gpt-4o', tokensPerMinute: 100 } } })
    const { status, headers, text } = await chat({ max_tokens: 60, n: 2 }, version, 'a')
    expect(status).toBe(429)
    expect(headers['retry-after']).toBe('86400')
    expect(errorOf(text)['message']).toMatch(/exceeded token rate limit.*retry after 86400 seconds/)
    expect((await chat({ max_tokens: 60 }, version, 'a')).status).toBe(200)
  })

  test('are worded anew by v1, and told in milliseconds by provisioned deployments', async () => {
    await start({
      deployments: {
        a: { model: 'gpt-4o', requestsPerMinute: 1 },
        p: { model: 'gpt-4o', requestsPerMinute: 1, provisioned: true },
      },
    })
    const ask = (model: string) => post('/openai/v1/chat/completions', { model, messages })
    await Promise.all([ask('a'), ask('p')])
    expect(errorOf((await ask('a')).text)['message']).toMatch(
      /^Your requests to a for gpt-4o in East US have exceeded the call rate limit/,
    )
    const { headers, text } = await ask('p')
    expect(Number(headers['retry-after-ms'])).toBeGreaterThan(1_000)
    expect(headers['retry-after']).toMatch(/^\d+$/)
    expect(errorOf(text)['message']).toMatch(/provisioned throughput/)
  })
})

describe('faults', () => {
  test.each([
    ['retry-after', { 'retry-after': '5' }, ['retry-after-ms', 'x-rate-limit-reset-tokens']],
    ['retry-after-ms', { 'retry-after': '5', 'retry-after-ms': '4500' }, ['policy-id']],
    ['policy', { 'x-rate-limit-reset-tokens': '5', 'policy-id': 'DeploymentRatelimit-Token' }, ['retry-after']],
    ['message', {}, ['retry-after', 'x-rate-limit-reset-tokens']],
  ] as const)('rate-limit announces its wait by %s', async (announcedBy, present, absent) => {
    await start({ faults: [{ kind: 'rate-limit', retryAfterMs: 4_500, announcedBy }] })
    const { status, headers, text } = await chat({ stream: true })
    expect(status).toBe(429)
    expect(headers).toMatchObject(present)
    for (const name of absent) expect(headers[name]).toBeUndefined()
    expect(errorOf(text)['message']).toMatch(/5 seconds/)
  })

  test('rate-limit and error-event end a stream of status 200, and leave whole answers alone', async () => {
    await start({
      faults: [
        { kind: 'rate-limit', when: 'mid-stream', afterEvents: 2, times: 1 },
        { kind: 'error-event', afterEvents: 2 },
      ],
    })
    const first = await chat({ stream: true })
    const second = await chat({ stream: true })
    expect([first.status, second.status]).toEqual([200, 200])
    expect(eventsOf(first.text)[2]).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
    expect(eventsOf(second.text)[2]).toMatchObject({ error: { type: 'server_error' } })
    for (const { text } of [first, second]) expect(text).not.toContain('[DONE]')
    expect((await chat()).status).toBe(200)
  })

  test('of other platforms are refused', async () => {
    await start()
    expect(() => emulator.setFaults([{ kind: 'corrupt-frame', afterEvents: 1 }])).toThrow(/"bedrock" only/)
    expect(() => emulator.setFaults([{ kind: 'rate-limit', announcedBy: 'mail' as 'policy' }])).toThrow(/announcedBy/)
    expect(() => emulator.setFaults([{ kind: 'rate-limit', retryAfterMs: -1 }])).toThrow(/retryAfterMs/)
  })

  test('cut-stream cuts inside an event', async () => {
    await start({ faults: [{ kind: 'cut-stream', afterEvents: 1, bytesOfNextEvent: 10 }] })
    const { text, complete } = await chat({ stream: true })
    expect(complete).toBe(false)
    expect(text).toBe(`${promptChunk}data: {"ch`)
  })
})

test('every model of the catalog on Azure OpenAI is deployed under its name', async () => {
  await start()
  const models = selectModels({ platform: 'azure-openai' })
  expect(models.length).toBeGreaterThan(5)
  for (const {
    model: { id },
  } of models) {
    const { status } = await post('/openai/v1/chat/completions', { model: id, messages })
    expect([id, status]).toEqual([id, 200])
  }
})

test('metrics count requests and tokens by deployment', async () => {
  await start()
  await chat()
  await chat({ messages: [] })
  expect(emulator.metrics()).toContain('emulator_requests_total{model="gpt-4o",status="200"} 1\n')
  expect(emulator.metrics()).toContain('emulator_requests_total{model="gpt-4o",status="400"} 1\n')
  expect(emulator.metrics()).toContain('emulator_output_tokens_total{model="gpt-4o"} 3\n')
})
