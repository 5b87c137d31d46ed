import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AdapterRequest } from '../adapter-request.js'
import { type ByteServer, eventStream, jsonAnswer, startByteServer } from '../testing/byte-server.js'
import { type AzureOpenAITestOptions, connectAzureOpenAI } from '../testing/connect-azure-openai.js'
import { errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'
import { createAzureOpenAIAdapter } from './azure-openai-adapter.js'

const whole = JSON.stringify({
  id: '1',
  model: 'm',
  choices: [{ index: 0, message: { content: 'one END two' }, finish_reason: 'stop' }],
})
const piece = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: '1', model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`
const streamed = `${piece('one E')}${piece('ND two')}${piece('', 'stop')}data: [DONE]\n\n`

let server: ByteServer
beforeAll(async () => {
  server = await startByteServer((socket, { body }) =>
    socket.write(body.includes('"stream":true') ? eventStream(streamed) : jsonAnswer(200, whole)),
  )
})
afterAll(() => server.close())

/** What goes over the wire for a request. */
async function sentFor(
  request: Partial<AdapterRequest>,
  options: AzureOpenAITestOptions = {},
  path = '',
  stream = true,
) {
  const connection = await connectAzureOpenAI(`${server.origin}${path}`, options)
  const sent = { ...helloRequest, ...request } as AdapterRequest
  const outcome = stream ? await runStream(connection, openCall(), sent) : await connection.generate(sent, openCall())
  await connection.close()
  const { head, body } = server.requests.at(-1) ?? { head: '', body: '{}' }
  const [line = '', ...headers] = head.split('\r\n')
  return { path: line.split(' ')[1], headers, body: JSON.parse(body) as Record<string, unknown>, outcome }
}

describe('addresses', () => {
  it.each([
    ['', '2024-10-21', '/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21'],
    ['/', '2025-04-01-preview', '/openai/deployments/my%20gpt/chat/completions?api-version=2025-04-01-preview'],
    ['/openai', '2024-10-21', '/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21'],
    ['/gateway/openai/', '2024-10-21', '/gateway/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21'],
    ['', null, '/openai/v1/chat/completions'],
    ['/openai/v1', null, '/openai/v1/chat/completions'],
    ['/openai/v1/', 'v1', '/openai/v1/chat/completions'],
    ['/gateway/openai/v1', 'preview', '/gateway/openai/v1/chat/completions?api-version=preview'],
  ])('%j with the version %j asks %s', async (path, apiVersion, expected) => {
    const sent = await sentFor({}, { apiVersion, deployment: 'my gpt' }, path)
    expect(sent.path).toBe(expected)
    expect(sent.body['model']).toBe('my gpt')
  })

  it('sends the key as api-key and nothing else that could be one', async () => {
    const { headers } = await sentFor({})
    expect(headers).toContain('api-key: test-key')
    expect(headers.filter((header) => /^authorization/i.test(header))).toEqual([])
    expect(headers).toContain('x-ms-client-request-id: request-1')
  })

  it.each<[string, string | undefined, AzureOpenAITestOptions, string]>([
    ['no endpoint', undefined, {}, "needs 'endpoint', such as https://example.openai.azure.com"],
    ['no URL', 'example.openai.azure.com', {}, 'which is no URL'],
    ['a query', 'https://x.openai.azure.com/?api-version=2024-10-21', {}, 'has a query'],
    [
      'a deployment in the path',
      'https://x.openai.azure.com/openai/deployments/gpt/chat/completions',
      {},
      'Write https://x.openai.azure.com.',
    ],
    ['an operation in the path', 'https://x.openai.azure.com/openai/v1/responses', {}, 'both are added here'],
    ['/v1 alone', 'https://x.openai.azure.com/v1', {}, 'write https://x.openai.azure.com/openai/v1'],
    ['v1 and a dated version', 'https://x.openai.azure.com/openai/v1', {}, 'Leave out one of the two'],
    ['a version that is none', 'https://x.openai.azure.com', { apiVersion: '2024-10-2' }, "'2024-10-21'"],
    ['a version with more behind', 'https://x.openai.azure.com', { apiVersion: '2024-10-21&x=1' }, 'apiVersion'],
    ['no deployment', 'https://x.openai.azure.com', { deployment: ' ' }, "needs 'deployment'"],
    ['dots as a deployment', 'https://x.openai.azure.com', { deployment: '..' }, 'no name Azure allows'],
    ['no credentials', 'https://x.openai.azure.com', { apiKey: null }, "neither an 'apiKey' nor a credential"],
    ['a line break in the key', 'https://x.openai.azure.com', { apiKey: 'secret-key\n' }, 'line break'],
    ['a password', 'https://me:secret-key@x.openai.azure.com', { apiKey: 'secret-key' }, 'has a user name'],
  ])('refuses %s', async (_what, endpoint, options, says) => {
    const error = await errorOf(connectAzureOpenAI(endpoint, options))
    expect(error).toMatchObject({ code: 'configuration', retryable: false, deployment: 'chat' })
    expect(error.message).toContain(says)
    expect(error.message).not.toContain('secret-key')
  })

  it.each([{ credential: {} }, { credential: null }, { credential: 'token' }])(
    'refuses %j as a credential',
    (options) => {
      expect(() => createAzureOpenAIAdapter(options as never)).toThrow(/getToken/)
    },
  )

  it('refuses an empty scope', () => {
    const credential = { getToken: async () => null }
    expect(() => createAzureOpenAIAdapter({ credential, scope: ' ' })).toThrow(/scope/)
  })
})

describe('bodies', () => {
  it.each([
    ['2024-02-01', 'max_tokens', false],
    ['2024-08-01-preview', 'max_tokens', false],
    ['2024-09-01-preview', 'max_completion_tokens', true],
    ['2024-10-21', 'max_completion_tokens', true],
    [null, 'max_completion_tokens', true],
  ])('version %s limits by %s', async (apiVersion, member, hasUsage) => {
    const { body } = await sentFor({ maxOutputTokens: 5 }, { apiVersion })
    expect(body[member]).toBe(5)
    expect(body['stream_options']).toEqual(hasUsage ? { include_usage: true } : undefined)
    expect(Object.keys(body).filter((name) => name.startsWith('max_'))).toEqual([member])
  })

  it('asks for no usage where it brings data sources', async () => {
    const platformOptions = { data_sources: [{ type: 'azure_search' }] }
    const { body } = await sentFor({ platformOptions })
    expect(body).not.toHaveProperty('stream_options')
    expect(body['data_sources']).toEqual(platformOptions.data_sources)
  })

  it.each<[string, Partial<AdapterRequest>, string | undefined]>([
    ['gpt-4o', { temperature: 0, topP: 0.5 }, undefined],
    ['gpt-5-chat', { temperature: 0 }, undefined],
    ['gpt-5.1', { temperature: 0 }, undefined],
    ['gpt-5', { temperature: 1, topP: 1 }, undefined],
    ['gpt-5', { temperature: 0 }, 'temperature'],
    ['gpt-5-mini', { topP: 0.9 }, 'top_p'],
    ['gpt-5-codex', { temperature: 0.2 }, 'temperature'],
    ['o3-mini', { temperature: 0.2 }, 'temperature'],
  ])('%s with %j is refused for %s', async (model, request, parameter) => {
    const count = server.requests.length
    const connection = await connectAzureOpenAI(server.origin, { model })
    const sent = { ...helloRequest, ...request } as AdapterRequest
    const { error } = await runStream(connection, openCall(), sent)
    if (parameter === undefined) expect(error).toBeUndefined()
    else {
      const fields = { code: 'unsupported-parameter', parameter, phase: 'configuration', retryable: false }
      expect(error).toMatchObject(fields)
      expect(await errorOf(connection.generate(sent, openCall()))).toMatchObject(fields)
      expect(server.requests).toHaveLength(count)
    }
    await connection.close()
  })

  it.each(['o3', 'gpt-5', 'gpt-5.2'])('looks for stop sequences on this side with %s', async (model) => {
    const request = { stopSequences: [' END'] }
    const stream = await sentFor(request, { model })
    expect(stream.body).not.toHaveProperty('stop')
    expect(stream.outcome).toMatchObject({ text: 'one' })
    expect('events' in stream.outcome && stream.outcome.events.at(-1)).toMatchObject({ type: 'response-end' })
    expect((await sentFor(request, { model }, '', false)).outcome).toMatchObject({ text: 'one' })
  })

  it.each(['gpt-4o', 'gpt-5-chat', 'gpt-5.5'])('leaves stop sequences to the server with %s', async (model) => {
    const { body, outcome } = await sentFor({ stopSequences: [' END'] }, { model })
    expect(body['stop']).toEqual([' END'])
    expect(outcome).toMatchObject({ text: 'one END two' })
  })

  it.each([
    { type: 'regex', pattern: 'a+' },
    { type: 'choice', choices: ['a'] },
    { type: 'grammar', grammar: 'root ::= "a"' },
  ] as const)('refuses a response format of type $type before sending', async (responseFormat) => {
    const connection = await connectAzureOpenAI(server.origin)
    const error = await errorOf(connection.generate({ ...helloRequest, responseFormat } as AdapterRequest, openCall()))
    expect(error).toMatchObject({ code: 'unsupported-parameter', parameter: 'response_format', phase: 'configuration' })
    await connection.close()
  })

  it('checks structured output whatever the server did', async () => {
    const connection = await connectAzureOpenAI(server.origin)
    const request = { ...helloRequest, responseFormat: { type: 'json-object' } } as AdapterRequest
    expect(await errorOf(connection.generate(request, openCall()))).toMatchObject({ code: 'structured-output-invalid' })
    const { error, text } = await runStream(connection, openCall(), request)
    expect(error).toMatchObject({ code: 'structured-output-invalid', partial: { text: 'one END two' } })
    expect(text).toBe('one END two')
    await connection.close()
  })
})
