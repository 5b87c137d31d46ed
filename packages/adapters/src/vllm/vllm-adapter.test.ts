import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AdapterRequest } from '../adapter-request.js'
import { type ByteServer, jsonAnswer, startByteServer } from '../testing/byte-server.js'
import { errorOf, openCall, runStream } from '../testing/run-stream.js'
import { vllmAdapter } from './vllm-adapter.js'

let server: ByteServer
beforeAll(async () => {
  const answer = '{"choices":[{"index":0,"message":{"content":"{}"},"text":"ok","finish_reason":"stop"}]}'
  server = await startByteServer((socket) => socket.write(jsonAnswer(200, answer)))
})
afterAll(() => server.close())

const context = { connectTimeoutMs: 1_000, maxConnections: 4 }
const target = { deployment: 'code', model: 'mistral-small', servedModelName: 'served', settings: {} }

async function sent(request: AdapterRequest, { model = target.model, streams = false, apiKey = 'k3y' } = {}) {
  const connection = await vllmAdapter.connect({ ...target, model, endpoint: `${server.origin}/v1/`, apiKey }, context)
  if (streams) await runStream(connection, openCall(), request)
  else await connection.generate(request, openCall())
  await connection.close()
  const { head, body } = server.requests.at(-1) ?? { head: '', body: '{}' }
  return { head, body: JSON.parse(body) as unknown }
}

describe('what is sent', () => {
  it('is a chat with every setting in the words of vLLM', async () => {
    const { head, body } = await sent({
      kind: 'chat',
      messages: [
        { role: 'system', content: 's' },
        { role: 'user', content: 'u' },
        { role: 'assistant', toolCalls: [{ id: 't1', name: 'f', arguments: '{}' }] },
        { role: 'tool', toolCallId: 't1', content: 'r' },
      ],
      tools: [{ name: 'f', parameters: { type: 'object' } }],
      toolChoice: { tool: 'f' },
      responseFormat: { type: 'json-schema', schema: { type: 'object' } },
      maxOutputTokens: 5,
      temperature: 0,
      topP: 0.9,
      stopSequences: ['x'],
      seed: 1,
      platformOptions: { top_k: 3 },
    })
    expect(head).toMatch(/^POST \/v1\/chat\/completions HTTP\/1.1/)
    expect(head).toMatch(/^authorization: Bearer k3y\r$/im)
    expect(head).toMatch(/^x-request-id: request-1\r$/im)
    expect(head).toMatch(/^accept-encoding: identity\r$/im)
    expect(body).toEqual({
      model: 'served',
      messages: [
        { role: 'system', content: 's' },
        { role: 'user', content: 'u' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 't1', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 't1', content: 'r' },
      ],
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
      max_tokens: 5,
      temperature: 0,
      top_p: 0.9,
      stop: ['x'],
      seed: 1,
      top_k: 3,
    })
  })

  it('has no member that was not asked for, because 0.6.4 refuses unknown ones', async () => {
    expect((await sent({ kind: 'completion', prompt: 'p' })).body).toEqual({ model: 'served', prompt: 'p' })
    const { head, body } = await sent(
      { kind: 'completion', prompt: 'p', stopSequences: [] },
      { streams: true, apiKey: '' },
    )
    expect(body).toEqual({
      model: 'served',
      prompt: 'p',
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    })
    expect(head).not.toMatch(/authorization/i)
    expect(head).toMatch(/^POST \/v1\/completions /)
  })

  it('has no system turn for models whose template refuses it', async () => {
    const messages = [
      { role: 'system', content: 's' },
      { role: 'user', content: 'u' },
    ] as const
    expect((await sent({ kind: 'chat', messages }, { model: 'mixtral-8x7b-instruct-v0.1' })).body).toMatchObject({
      messages: [{ role: 'user', content: 's\n\nu' }],
    })
  })
})

describe('a target that cannot be used', () => {
  it.each([
    [undefined, "needs 'endpoint'"],
    ['localhost:8000/v1', 'begins with neither http'],
    ['not a url', 'is no URL'],
    ['http://h/v1?x=1', 'a query'],
    ['http://h/v1/chat/completions', 'http://h/v1.'],
    ['http://h/v1/v1', '/v1 twice'],
    ['http://u:p@h/v1', 'user name'],
    ['http://169.254.169.254/v1', 'metadata'],
  ])('%s', async (endpoint, words) => {
    const error = await errorOf(Promise.resolve().then(() => vllmAdapter.connect({ ...target, endpoint }, context)))
    expect(error).toMatchObject({ code: 'configuration', deployment: 'code', platform: 'vllm' })
    expect(error.message).toContain(words)
  })
})
