import { startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import type { AdapterRequest, ChatRequest } from '../adapter-request.js'
import type { ResponseFormat } from '../message.js'
import { type ByteServer, eventStream, jsonAnswer, startByteServer } from '../testing/byte-server.js'
import { errorOf, openCall, runStream } from '../testing/run-stream.js'
import { vllmAdapter } from './vllm-adapter.js'

const context = { connectTimeoutMs: 2_000, maxConnections: 8 }
const messages = [{ role: 'user', content: 'Hi' }] as const
const chat = (more: Omit<ChatRequest, 'kind' | 'messages'>): AdapterRequest => ({ kind: 'chat', messages, ...more })

function connect(endpoint: string, settings: Record<string, unknown> = {}) {
  const target = { deployment: 'code', model: 'mistral-small', servedModelName: 'served', endpoint, settings }
  return vllmAdapter.connect(target, context)
}

const versions = ['0.6.4.post1', '0.10.0', '0.10.1', '0.11.0', '0.12.0']
const formats: ResponseFormat[] = [
  { type: 'json-object' },
  { type: 'json-schema', schema: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } } },
  { type: 'regex', pattern: '[a-f]{3}-\\d{2}' },
  { type: 'choice', choices: ['left', 'right'] },
]

describe.each(versions)('vLLM %s', (version) => {
  it.each(formats)('gives an answer of the form $type, streamed and whole', async (responseFormat) => {
    const emulator = await startEmulator({ platform: 'vllm', version, servedModelName: 'served', speed: 0 })
    const connection = await connect(emulator.baseUrl)
    try {
      const whole = await connection.generate(chat({ responseFormat }), openCall())
      expect(whole.finishReason.unified).toBe('stop')
      const streamed = await runStream(connection, openCall(), chat({ responseFormat }))
      expect(streamed.error).toBeUndefined()
      expect(streamed.events.at(-1)).toMatchObject({ type: 'response-end' })
      const asked = emulator.requests.filter(({ path }) => path === '/version').length
      expect(asked).toBe(['regex', 'choice'].includes(responseFormat.type) ? 1 : 0)
    } finally {
      await connection.close()
      await emulator.close()
    }
  })

  it('is told what it understands where it hides its version', async () => {
    const hidden = { kind: 'status', path: '/version', status: 404 } as const
    const emulator = await startEmulator({
      platform: 'vllm',
      version,
      servedModelName: 'served',
      speed: 0,
      faults: [hidden],
    })
    const connection = await connect(emulator.baseUrl)
    try {
      const answer = connection.generate(chat({ responseFormat: { type: 'choice', choices: ['a', 'b'] } }), openCall())
      if (version === '0.6.4.post1') {
        expect(await errorOf(answer)).toMatchObject({ code: 'unsupported-parameter', parameter: 'structured_outputs' })
      } else expect(['a', 'b']).toContain((await answer).text)
    } finally {
      await connection.close()
      await emulator.close()
    }
  })

  it('takes tool_choice "required" or is not asked for it', async () => {
    const emulator = await startEmulator({ platform: 'vllm', version, servedModelName: 'served', speed: 0 })
    const connection = await connect(emulator.baseUrl)
    const request = chat({ toolChoice: 'required', tools: [{ name: 'f', parameters: { type: 'object' } }] })
    try {
      const answer = connection.generate(request, openCall())
      if (version === '0.6.4.post1') {
        const error = await errorOf(answer)
        expect(error).toMatchObject({ code: 'unsupported-parameter', parameter: 'tool_choice', phase: 'configuration' })
        expect(error.message).toMatch(/vLLM 0\.6\.4\.post1.*0\.8\.0 or newer/)
        expect(emulator.requests.map(({ path }) => path)).toEqual(['/version'])
      } else expect((await answer).toolCalls).toMatchObject([{ name: 'f' }])
    } finally {
      await connection.close()
      await emulator.close()
    }
  })
})

describe('the version of the server', () => {
  it('is taken from the configuration where it is there', async () => {
    const emulator = await startEmulator({ platform: 'vllm', version: '0.12.0', servedModelName: 'served', speed: 0 })
    const connection = await connect(emulator.baseUrl, { server: { version: '0.12.0' } })
    await connection.generate(chat({ responseFormat: { type: 'choice', choices: ['a'] } }), openCall())
    expect(emulator.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions'])
    expect(emulator.requests[0]?.json).toMatchObject({ structured_outputs: { choice: ['a'] } })
    await connection.close()
    await emulator.close()
  })

  it('is asked for once by many callers, and not at all without need', async () => {
    const emulator = await startEmulator({ platform: 'vllm', version: '0.10.0', servedModelName: 'served', speed: 0 })
    const connection = await connect(emulator.baseUrl)
    await connection.generate(chat({}), openCall())
    const formatted = chat({ responseFormat: { type: 'regex', pattern: 'x+' } })
    await Promise.all(Array.from({ length: 8 }, () => connection.generate(formatted, openCall())))
    expect(emulator.requests.filter(({ path }) => path === '/version').length).toBe(1)
    expect(emulator.requests.at(-1)?.json).toMatchObject({ guided_regex: 'x+' })
    await connection.close()
    await emulator.close()
  })

  it.each([
    ['0.12.0', { guided_json: {} }, 'guided_json', 'ignored from 0.12.0'],
    ['0.10.0', { structured_outputs: { choice: ['a'] } }, 'structured_outputs', 'needs 0.11.0'],
    ['0.8.5', { cache_salt: 's' }, 'cache_salt', 'needs 0.9.0'],
  ])('%s refuses platform options it would ignore: %j', async (version, platformOptions, parameter, words) => {
    const connection = await connect('http://127.0.0.1:9/v1', { server: { version } })
    const error = await errorOf(connection.generate(chat({ platformOptions }), openCall()))
    expect(error).toMatchObject({
      code: 'unsupported-parameter',
      parameter,
      deployment: 'code',
      requestId: 'request-1',
    })
    expect(error.message).toContain(words)
    await connection.close()
  })

  it('does not hold up a caller who gave up', async () => {
    const server = await startByteServer(() => undefined)
    const connection = await connect(`${server.origin}/v1`)
    const controller = new AbortController()
    const request = chat({ responseFormat: { type: 'choice', choices: ['a'] } })
    const answer = errorOf(connection.generate(request, openCall(controller.signal)))
    const streamed = runStream(connection, openCall(controller.signal), request)
    await expect.poll(() => server.requests.length).toBe(1)
    controller.abort(new Error('enough'))
    expect(await answer).toMatchObject({ code: 'aborted', phase: 'request' })
    expect((await streamed).error).toMatchObject({ code: 'aborted' })
    expect(server.requests.map(({ head }) => head.split(' ')[1])).toEqual(['/version'])
    await server.close()
    await connection.close()
  })
})

const schemaFormat: ResponseFormat = {
  type: 'json-schema',
  schema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
}

function streamOf(texts: readonly string[], finishReason: string): Buffer {
  const chunks = texts.map((content) => ({ choices: [{ index: 0, delta: { content } }] }))
  const end = {
    choices: [{ index: 0, delta: {}, finish_reason: finishReason }],
    usage: { prompt_tokens: 1, completion_tokens: 2 },
  }
  return eventStream(
    [...chunks, end]
      .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
      .join('')
      .concat('data: [DONE]\n\n'),
  )
}

async function withServer<T>(bytes: Buffer | string, use: (server: ByteServer) => Promise<T>): Promise<T> {
  const server = await startByteServer((socket) => socket.write(bytes))
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

describe('an answer without the form', () => {
  it('delivers its text and then fails instead of ending', async () => {
    await withServer(streamOf(['{"n":', '"x"}'], 'stop'), async (server) => {
      const connection = await connect(`${server.origin}/v1`)
      const { text, events, error } = await runStream(connection, openCall(), chat({ responseFormat: schemaFormat }))
      expect(text).toBe('{"n":"x"}')
      expect(events.some(({ type }) => type === 'response-end')).toBe(false)
      expect(error).toMatchObject({
        code: 'structured-output-invalid',
        path: '/n',
        retryable: false,
        deployment: 'code',
      })
      expect(error?.partial).toEqual({
        text: '{"n":"x"}',
        reasoning: '',
        toolCalls: [],
        usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
      })
      expect(error?.toJSON()).toMatchObject({ path: '/n', partial: { textLength: 9 } })
      await connection.close()
    })
  })

  it('says when the answer was cut off', async () => {
    await withServer(streamOf(['{"n":'], 'length'), async (server) => {
      const connection = await connect(`${server.origin}/v1`)
      const { error } = await runStream(connection, openCall(), chat({ responseFormat: schemaFormat }))
      expect(error?.message).toContain('raise maxOutputTokens')
      await connection.close()
    })
  })

  it('fails a whole answer too', async () => {
    const body = '{"choices":[{"index":0,"message":{"content":"{}"},"finish_reason":"stop"}]}'
    await withServer(jsonAnswer(200, body), async (server) => {
      const connection = await connect(`${server.origin}/v1`)
      const error = await errorOf(connection.generate(chat({ responseFormat: schemaFormat }), openCall()))
      expect(error).toMatchObject({ code: 'structured-output-invalid', path: '', partial: { text: '{}' } })
      await connection.close()
    })
  })

  it('is none where the model calls a tool instead', async () => {
    const calls = '[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]'
    const body = `{"choices":[{"index":0,"message":{"content":null,"tool_calls":${calls}},"finish_reason":"tool_calls"}]}`
    await withServer(jsonAnswer(200, body), async (server) => {
      const connection = await connect(`${server.origin}/v1`)
      const response = await connection.generate(chat({ responseFormat: schemaFormat }), openCall())
      expect(response.toolCalls).toHaveLength(1)
      await connection.close()
    })
  })

  it('closes the socket when the consumer stops reading', async () => {
    await withServer(streamOf(['{"n":', '1}'], 'stop').subarray(0, 200), async (server) => {
      const connection = await connect(`${server.origin}/v1`)
      for await (const _batch of connection.stream(chat({ responseFormat: schemaFormat }), openCall())) break
      await expect.poll(() => server.connections.open).toBe(0)
      await connection.close()
    })
  })
})
