import { type BedrockEmulatorOptions, type Emulator, type Fault, startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import type { AdapterConnection } from '../adapter.js'
import type { AdapterRequest, ChatRequest } from '../adapter-request.js'
import type { DuoModelErrorCode } from '../errors/duo-model-error-code.js'
import type { ResponseFormat } from '../message.js'
import {
  type BedrockTestOptions,
  claudeModelId,
  connectBedrock,
  mistralModelId,
  withAwsEnvironment,
} from '../testing/connect-bedrock.js'
import { errorOf, openCall, runStream } from '../testing/run-stream.js'

const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
const messages = [{ role: 'user', content: 'What is the weather in Paris?' }] as const
const chat = (more: Partial<ChatRequest> = {}): AdapterRequest => ({ kind: 'chat', messages, ...more })
const tools = [
  {
    name: 'get_weather',
    description: 'Current weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
]
const sonnet45 = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'

/** Starts the emulator, which verifies signatures, and connects to it with the keys it knows. */
async function withEmulator<T>(
  { variables = keys, ...options }: BedrockTestOptions & { readonly variables?: Record<string, string> },
  use: (connection: AdapterConnection, emulator: Emulator) => Promise<T>,
  emulated: Omit<BedrockEmulatorOptions, 'platform'> = {},
): Promise<T> {
  const emulator = await startEmulator({ platform: 'bedrock', speed: 0, ...emulated })
  try {
    return await withAwsEnvironment(variables, async () => {
      const connection = await connectBedrock(emulator.baseUrl, { apiKey: undefined, ...options })
      try {
        return await use(connection, emulator)
      } finally {
        await connection.close()
      }
    })
  } finally {
    await emulator.close()
  }
}

describe.each([
  ['Claude by Converse', { modelId: claudeModelId }],
  ['Claude by InvokeModel', { modelId: claudeModelId, settings: { api: 'invoke-model' } }],
  ['Mistral by Converse', { modelId: mistralModelId, model: 'mistral-7b-it-v0.2' }],
  [
    'Mistral by InvokeModel',
    { modelId: mistralModelId, model: 'mistral-7b-it-v0.2', settings: { api: 'invoke-model' } },
  ],
])('%s', (_name, options) => {
  it('answers whole and streamed alike, with its counts', async () => {
    await withEmulator(options, async (connection) => {
      const request = chat({ messages: [{ role: 'system', content: 'Be brief.' }, ...messages], maxOutputTokens: 200 })
      const whole = await connection.generate(request, openCall())
      expect(whole.text).toMatch(/emulator/)
      expect(whole.finishReason.unified).toBe('stop')
      expect(whole.usage.inputTokens).toBeGreaterThan(5)
      expect(whole.usage.outputTokens).toBeGreaterThan(1)
      const streamed = await runStream(connection, openCall(), request)
      expect(streamed.error).toBeUndefined()
      expect(streamed.text).toBe(whole.text)
      expect(streamed.events.length).toBeGreaterThan(4)
      expect(streamed.events.at(-1)).toEqual({
        type: 'response-end',
        finishReason: whole.finishReason,
        usage: whole.usage,
      })
    })
  })

  it('stops at the most tokens allowed, and says so', async () => {
    await withEmulator(options, async (connection) => {
      const { finishReason, usage } = await connection.generate(chat({ maxOutputTokens: 3 }), openCall())
      expect(finishReason.unified).toBe('length')
      expect(usage.outputTokens).toBe(3)
    })
  })
})

describe.each([
  ['Converse', {}],
  ['InvokeModel', { settings: { api: 'invoke-model' } }],
])('tools by %s', (_name, options) => {
  it('are called, answered, and called in a stream', async () => {
    await withEmulator(options, async (connection) => {
      const asked = chat({ tools, toolChoice: 'required' })
      const { toolCalls, finishReason } = await connection.generate(asked, openCall())
      expect(finishReason).toEqual({ unified: 'tool-calls', raw: 'tool_use' })
      expect(toolCalls).toMatchObject([{ name: 'get_weather' }])
      const [call] = toolCalls
      if (!call) throw new Error('No tool was called.')
      const result = { role: 'tool', toolCallId: call.id, content: 'Sunny.' } as const
      const history = [...messages, { role: 'assistant', toolCalls } as const, result]
      const answer = await connection.generate(chat({ messages: history, tools }), openCall())
      expect(answer.text).not.toBe('')
      const streamed = await runStream(connection, openCall(), asked)
      const end = streamed.events.find(({ type }) => type === 'tool-call-end')
      expect(end).toMatchObject({ index: 0, name: 'get_weather' })
      expect(JSON.parse(end?.type === 'tool-call-end' ? end.arguments : '')).toHaveProperty('city')
    })
  })
})

const schema = {
  type: 'object',
  properties: { n: { type: 'integer' } },
  required: ['n'],
  additionalProperties: false,
}
const jsonFormats: ResponseFormat[] = [{ type: 'json-schema', name: 'number', schema }]

describe.each([
  ['Claude 3.5 by Converse', {}],
  ['Claude 3.5 by InvokeModel', { settings: { api: 'invoke-model' } }],
])('an answer with a form: %s', (_name, options) => {
  it.each(jsonFormats)('$type', async (responseFormat) => {
    const use = async (connection: AdapterConnection) => {
      const whole = await connection.generate(chat({ responseFormat }), openCall())
      expect(Number.isInteger(JSON.parse(whole.text).n)).toBe(true)
      expect(whole).toMatchObject({ toolCalls: [], finishReason: { unified: 'stop' } })
      const streamed = await runStream(connection, openCall(), chat({ responseFormat }))
      expect(streamed.error).toBeUndefined()
      expect(Number.isInteger(JSON.parse(streamed.text).n)).toBe(true)
    }
    await withEmulator(options, use)
  })
})

describe('an answer with a form that the platform enforces', () => {
  it('is asked for with the schema, and checked here all the same', async () => {
    const use = async (connection: AdapterConnection, emulator: Emulator) => {
      const request = chat({ responseFormat: { type: 'json-schema', schema } })
      expect((await connection.generate(request, openCall())).text).toBe('{"n": 1}')
      expect(emulator.requests[0]?.json).toMatchObject({ outputConfig: { textFormat: { type: 'json_schema' } } })
      expect(emulator.requests[0]?.json).not.toHaveProperty('toolConfig')
    }
    await withEmulator({ modelId: sonnet45, model: 'claude-4.5-sonnet' }, use, {
      respond: () => ({ text: '{"n": 1}' }),
    })
  })
})

describe('an answer without its form', () => {
  it('fails, whole and streamed, with its text in the error', async () => {
    const respond = () => ({ text: 'I would rather not.' })
    await withEmulator(
      { modelId: mistralModelId, model: 'mistral-7b-it-v0.2' },
      async (connection) => {
        const request = chat({ responseFormat: { type: 'json-object' } })
        const whole = await errorOf(connection.generate(request, openCall()))
        const streamed = (await runStream(connection, openCall(), request)).error
        for (const error of [whole, streamed])
          expect(error).toMatchObject({ code: 'structured-output-invalid', partial: { text: 'I would rather not.' } })
      },
      { respond },
    )
  })

  it('is the better for its fence being taken off', async () => {
    const respond = () => ({ text: 'Here you are:\n```json\n{"n": 1}\n```\n' })
    await withEmulator(
      { modelId: mistralModelId, model: 'mistral-7b-it-v0.2' },
      async (connection) => {
        const request = chat({ responseFormat: { type: 'json-object' } })
        expect((await connection.generate(request, openCall())).text).toBe('{"n": 1}')
        expect((await runStream(connection, openCall(), request)).text).toBe('{"n": 1}')
      },
      { respond },
    )
  })
})

describe('a guardrail', () => {
  const guardrail = { guardrailIdentifier: 'gr1', guardrailVersion: 'DRAFT', trace: 'enabled' }
  it.each([
    ['Converse', { settings: { guardrail } }],
    ['InvokeModel', { settings: { guardrail, api: 'invoke-model' } }],
  ])('stops an answer by %s', async (_name, options) => {
    const guardrails = { gr1: { blockedWords: ['Paris'], blockedInputMessage: 'No cities.' } }
    await withEmulator(
      options,
      async (connection) => {
        const whole = await connection.generate(chat(), openCall())
        expect(whole).toMatchObject({ text: 'No cities.', finishReason: { unified: 'content-filter' } })
        const streamed = await runStream(connection, openCall(), chat())
        expect(streamed.text).toBe('No cities.')
        expect(streamed.events.at(-1)).toMatchObject({ finishReason: { unified: 'content-filter' } })
      },
      { guardrails },
    )
  })
})

describe('what an account lacks', () => {
  it.each<[string, DuoModelErrorCode, Omit<BedrockEmulatorOptions, 'platform'>, BedrockTestOptions]>([
    ['access to the model', 'permission', { models: [{ id: claudeModelId, access: 'not-granted' }] }, {}],
    ['the use-case form', 'permission', { models: [{ id: claudeModelId, access: 'use-case-form' }] }, {}],
    ['a model that still lives', 'model-retired', { models: [{ id: claudeModelId, retired: true }] }, {}],
    ['a model that was used lately', 'model-retired', { models: [{ id: claudeModelId, retired: 'legacy' }] }, {}],
    [
      'an inference profile',
      'inference-profile-required',
      { models: [{ id: claudeModelId, requiresInferenceProfile: true }] },
      {},
    ],
    ['the model', 'model-not-found', {}, { modelId: 'anthropic.claude-3-5-sonet-v9' }],
    ['the guardrail', 'invalid-request', {}, { settings: { guardrail: { guardrailIdentifier: 'none' } } }],
    ['room for the prompt', 'context-length', { models: [{ id: claudeModelId, contextWindow: 4 }] }, {}],
  ])('%s is %s', async (_name, code, emulated, options) => {
    await withEmulator(
      options,
      async (connection) => {
        expect(await errorOf(connection.generate(chat(), openCall()))).toMatchObject({ code, retryable: false })
        expect((await runStream(connection, openCall(), chat())).error).toMatchObject({ code, retryable: false })
      },
      emulated,
    )
  })

  it.each<[string, Record<string, string>, Omit<BedrockEmulatorOptions, 'platform'>, BedrockTestOptions]>([
    ['a key that is known', { ...keys, AWS_ACCESS_KEY_ID: 'other' }, {}, {}],
    ['the right secret', { ...keys, AWS_SECRET_ACCESS_KEY: 'other' }, {}, {}],
    [
      'a session that is alive',
      { ...keys, AWS_SESSION_TOKEN: 's' },
      { credentials: { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: 's', expired: true } },
      {},
    ],
    ['the right Region', keys, { region: 'eu-west-1' }, {}],
    ['a good API key', keys, { apiKey: 'good-key' }, { apiKey: 'bad-key' }],
  ])('%s is authentication', async (_name, variables, emulated, options) => {
    await withEmulator(
      { ...options, variables },
      async (connection) => {
        const error = await errorOf(connection.generate(chat(), openCall()))
        expect(error).toMatchObject({ code: 'authentication', retryable: false })
      },
      emulated,
    )
  })

  it('the right time is told, and mended', async () => {
    await withEmulator(
      {},
      async (connection) => {
        const error = await errorOf(connection.generate(chat(), openCall()))
        expect(error).toMatchObject({ code: 'authentication', retryable: true })
        expect(error.message).toContain('20 min ahead')
        expect((await connection.generate(chat(), openCall())).text).not.toBe('')
      },
      { clockOffsetMs: -20 * 60_000 },
    )
  })
})

describe('a stream that goes wrong', () => {
  it.each<[string, Fault, DuoModelErrorCode, boolean]>([
    [
      'is cut inside a message',
      { kind: 'cut-stream', afterEvents: 3, bytesOfNextEvent: 20 },
      'stream-interrupted',
      false,
    ],
    ['is cut before its first event', { kind: 'cut-stream', afterEvents: 0 }, 'stream-interrupted', true],
    ['ends without a stop reason', { kind: 'end-stream', afterEvents: 3 }, 'stream-interrupted', false],
    ['is reset', { kind: 'reset', when: 'mid-stream', afterEvents: 3 }, 'stream-interrupted', false],
    ['has a flipped bit', { kind: 'corrupt-frame', afterEvents: 3 }, 'protocol', false],
    [
      'is throttled at once',
      { kind: 'exception', exception: 'ThrottlingException', when: 'mid-stream' },
      'rate-limit',
      true,
    ],
    [
      'is throttled later',
      { kind: 'exception', exception: 'ThrottlingException', when: 'mid-stream', afterEvents: 3 },
      'rate-limit',
      false,
    ],
    [
      'fails with an error message',
      {
        kind: 'exception',
        exception: 'InternalServerException',
        when: 'mid-stream',
        afterEvents: 3,
        messageType: 'error',
      },
      'server',
      false,
    ],
    ['is a log-in page', { kind: 'html' }, 'protocol', false],
  ])('%s', async (_name, fault, code, retryable) => {
    await withEmulator(
      {},
      async (connection) => {
        const { error, events, text } = await runStream(connection, openCall(), chat())
        expect(error).toMatchObject({ code, retryable })
        expect(events.some(({ type }) => type === 'response-end')).toBe(false)
        expect(error?.partial?.text ?? '').toBe(text)
      },
      { faults: [fault] },
    )
  })

  it('is given up in the middle: the server sees the connection close', async () => {
    await withEmulator(
      {},
      async (connection, emulator) => {
        const controller = new AbortController()
        for await (const batch of connection.stream(chat(), openCall(controller.signal)))
          if (batch.some(({ type }) => type === 'text-delta')) break
        await expect.poll(() => emulator.requests[0]?.closedByClient).toBe(true)
      },
      { faults: [{ kind: 'stall', when: 'mid-stream', afterEvents: 3 }] },
    )
  })
})
