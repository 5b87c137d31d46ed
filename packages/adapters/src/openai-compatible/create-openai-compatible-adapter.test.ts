import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AdapterRequest } from '../adapter-request.js'
import { ModelNotReadyError } from '../errors/model-not-ready-error.js'
import { type ByteServer, jsonAnswer, startByteServer } from '../testing/byte-server.js'
import { errorOf, helloRequest, openCall } from '../testing/run-stream.js'
import { createOpenAICompatibleAdapter } from './create-openai-compatible-adapter.js'
import type { OpenAICompatibleAdapterOptions } from './openai-compatible-options.js'

const good = jsonAnswer(
  200,
  JSON.stringify({ id: '1', model: 'm', choices: [{ index: 0, message: { content: 'ok' }, finish_reason: 'stop' }] }),
)
let answer = good
let server: ByteServer
beforeAll(async () => {
  server = await startByteServer((socket) => socket.write(answer))
})
afterAll(() => server.close())

async function generate(
  options: Partial<OpenAICompatibleAdapterOptions>,
  request: Partial<AdapterRequest> = {},
  endpoint = `${server.origin}/v1/`,
) {
  const adapter = createOpenAICompatibleAdapter({ platform: 'own', ...options })
  const target = { deployment: 'd', model: 'm', servedModelName: 'served', endpoint, apiKey: 'own-key', settings: {} }
  const connection = await adapter.connect(target, { connectTimeoutMs: 2_000, maxConnections: 1 })
  try {
    return await connection.generate({ ...helloRequest, ...request } as AdapterRequest, openCall())
  } finally {
    await connection.close()
  }
}

function sent(): { readonly head: string; readonly body: Record<string, unknown> } {
  const { head = '', body = '{}' } = server.requests.at(-1) ?? {}
  return { head, body: JSON.parse(body) as Record<string, unknown> }
}

describe('createOpenAICompatibleAdapter', () => {
  it('sends what OpenAI would get, with the key as a bearer token', async () => {
    answer = good
    expect((await generate({}, { maxOutputTokens: 3 })).text).toBe('ok')
    const { head, body } = sent()
    expect(head).toMatch(/^POST \/v1\/chat\/completions HTTP/)
    expect(head).toMatch(/\r\nauthorization: Bearer own-key\r\n/)
    expect(body).toEqual({ model: 'served', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 3 })
  })

  it('takes the spelling and the headers of the server; its own headers come once', async () => {
    answer = good
    const headers = { 'X-Team': 'platform', 'Content-Type': 'text/plain' }
    await generate({ maxTokensField: 'max_completion_tokens', headers }, { maxOutputTokens: 3 })
    const { head, body } = sent()
    expect(body['max_completion_tokens']).toBe(3)
    expect(head).toMatch(/\r\nx-team: platform\r\n/)
    expect(head.match(/content-type: \S+/gi)).toEqual(['content-type: application/json'])
  })

  it('judges by its own rules first, time after time, and by the status where none fits', async () => {
    const errors = [
      {
        words: /warming/gi,
        create: (o: ConstructorParameters<typeof ModelNotReadyError>[0]) => new ModelNotReadyError(o),
        advice: 'Wait.',
      },
    ]
    answer = jsonAnswer(503, JSON.stringify({ error: { message: 'Still warming up' } }))
    for (const _time of [1, 2, 3]) {
      const error = await errorOf(generate({ errors }))
      expect(error).toMatchObject({ code: 'model-not-ready', platform: 'own', status: 503 })
      expect(error.message).toContain('Wait.')
    }
    answer = jsonAnswer(503, JSON.stringify({ error: { message: 'Busy' } }))
    expect((await errorOf(generate({ errors }))).code).toBe('overloaded')
  })

  it.each([
    ['', "needs 'endpoint'"],
    ['gpu-1:8080/v1', 'http://'],
    ['http://gpu-1:8080/v1/chat/completions', 'Write http://gpu-1:8080/v1 instead'],
    ['http://me:own-key@gpu-1:8080/v1', 'user name'],
  ])('refuses the endpoint %j', async (endpoint, says) => {
    const error = await errorOf(generate({}, {}, endpoint))
    expect(error).toMatchObject({ code: 'configuration', platform: 'own' })
    expect(error.message).toContain(says)
    expect(error.message).not.toContain('own-key')
  })

  it('refuses a platform without a name, and headers that HTTP cannot carry', () => {
    expect(() => createOpenAICompatibleAdapter({ platform: ' ' })).toThrow(/'platform'/)
    expect(() => createOpenAICompatibleAdapter({ platform: 'own', headers: { 'x a': 'b' } })).toThrow(/"x a"/)
    expect(() => createOpenAICompatibleAdapter({ platform: 'own', headers: { x: 'a\r\nb: c' } })).toThrow(/"x"/)
  })
})
