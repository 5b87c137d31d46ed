import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type ToolConfiguration,
} from '@aws-sdk/client-bedrock-runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sdkClient } from '../../test/sdk-client.js'
import { type Emulator, startEmulator } from '../start-emulator.js'
import { type BedrockExceptionName, bedrockExceptionFacts } from './bedrock-exception.js'

const claude = 'anthropic.claude-3-5-sonnet-20241022-v2:0'
const thinker = 'us.anthropic.claude-3-7-sonnet-20250219-v1:0'
const mistral = 'mistral.mistral-7b-instruct-v0:2'

const question = { role: 'user' as const, content: [{ text: 'What is the weather in Paris?' }] }
const weather: ToolConfiguration = {
  tools: [
    {
      toolSpec: {
        name: 'get_weather',
        description: 'Current weather of a city',
        inputSchema: { json: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
      },
    },
  ],
}

async function collect(stream: AsyncIterable<ConverseStreamOutput> | undefined) {
  const events: ConverseStreamOutput[] = []
  for await (const event of stream ?? []) events.push(event)
  return events
}

const textOf = (events: readonly ConverseStreamOutput[]) =>
  events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join('')

describe.each([
  ['its default handler, HTTP/2', false, '2.0'],
  ['NodeHttpHandler, HTTP/1.1', true, '1.1'],
] as const)('the AWS SDK with %s', (_name, http1, httpVersion) => {
  let emulator: Emulator
  let client: BedrockRuntimeClient
  beforeAll(async () => {
    emulator = await startEmulator({ platform: 'bedrock', speed: 0 })
    client = sdkClient(emulator.baseUrl, { http1 })
  })
  afterAll(async () => {
    client.destroy()
    await emulator.close()
  })
  const converse = (input: Partial<ConverseCommandInput> = {}) =>
    client.send(new ConverseCommand({ modelId: claude, messages: [question], ...input }))
  const converseStream = async (input: Partial<ConverseCommandInput> = {}) => {
    const { stream } = await client.send(new ConverseStreamCommand({ modelId: claude, messages: [question], ...input }))
    return collect(stream)
  }

  test('converses, says that it is an emulator and repeats itself', async () => {
    const first = await converse()
    const second = await converse()
    expect(first.output?.message?.content?.[0]?.text).toMatch(/emulator.*weather Paris/s)
    expect(second.output).toEqual(first.output)
    expect(first).toMatchObject({ stopReason: 'end_turn', usage: { inputTokens: 16 } })
    expect(first.metrics?.latencyMs).toBeGreaterThan(0)
    expect(second.$metadata.requestId).not.toBe(first.$metadata.requestId)
    expect(emulator.requests.at(-1)).toMatchObject({ httpVersion, status: 200, finished: true })
  })

  test('streams the same text, with usage after the end of the message', async () => {
    const whole = await converse()
    const events = await converseStream()
    expect(textOf(events)).toBe(whole.output?.message?.content?.[0]?.text)
    expect(events[0]).toEqual({ messageStart: { role: 'assistant' } })
    expect(events.some((event) => event.contentBlockStart)).toBe(false)
    expect(events.at(-2)).toEqual({ messageStop: { stopReason: 'end_turn' } })
    expect(events.at(-1)?.metadata?.usage).toEqual(whole.usage)
  })

  test('calls a tool, whole and streamed', async () => {
    const whole = await converse({ toolConfig: weather })
    const [block] = whole.output?.message?.content ?? []
    expect(whole.stopReason).toBe('tool_use')
    expect(block?.toolUse).toMatchObject({ name: 'get_weather', input: { city: expect.any(String) } })

    const events = await converseStream({ toolConfig: weather })
    expect(events[1]?.contentBlockStart?.start?.toolUse?.name).toBe('get_weather')
    const inputs = events.flatMap((event) => event.contentBlockDelta?.delta?.toolUse?.input ?? [])
    expect(inputs[0]).toBe('')
    expect(JSON.parse(inputs.join(''))).toEqual({ city: expect.any(String) })
    expect(events.at(-2)?.messageStop?.stopReason).toBe('tool_use')
  })

  test('answers the result of a tool in words', async () => {
    const toolUse = { toolUseId: 't1', name: 'get_weather', input: { city: 'Paris' } }
    const result = { toolUseId: 't1', content: [{ json: { weather: 'sunny' } }] }
    const { stopReason } = await converse({
      toolConfig: weather,
      messages: [
        question,
        { role: 'assistant', content: [{ toolUse }] },
        { role: 'user', content: [{ toolResult: result }] },
      ],
    })
    expect(stopReason).toBe('end_turn')
  })

  test('thinks when asked to', async () => {
    const input = {
      modelId: thinker,
      inferenceConfig: { maxTokens: 4_000 },
      additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1_024 } },
    }
    const whole = await converse(input)
    const [reasoning, text] = whole.output?.message?.content ?? []
    expect(reasoning?.reasoningContent?.reasoningText).toMatchObject({
      text: expect.stringContaining('pretends'),
      signature: expect.stringMatching(/^[\w+/]+=*$/),
    })
    expect(text?.text).toContain('emulator')

    const events = await converseStream(input)
    const deltas = events.flatMap((event) => event.contentBlockDelta?.delta?.reasoningContent ?? [])
    expect(deltas.map((delta) => delta.text ?? '').join('')).toBe(reasoning?.reasoningContent?.reasoningText?.text)
    expect(deltas.at(-1)?.signature).toBe(reasoning?.reasoningContent?.reasoningText?.signature)
    expect(events.find((event) => event.contentBlockDelta?.delta?.text)?.contentBlockDelta?.contentBlockIndex).toBe(1)
  })

  test('invokes Claude and Mistral, with counts in headers', async () => {
    const body = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Hi' }],
    }
    const answer = await client.send(new InvokeModelCommand({ modelId: claude, body: JSON.stringify(body) }))
    const message = JSON.parse(answer.body.transformToString())
    expect(message).toMatchObject({
      id: expect.stringMatching(/^msg_bdrk_/),
      type: 'message',
      role: 'assistant',
      model: 'claude-3-5-sonnet-20241022',
      content: [{ type: 'text', text: expect.stringContaining('emulator') }],
      stop_reason: 'end_turn',
      stop_sequence: null,
    })
    const prompt = '<s>[INST] What is the weather in Paris? [/INST]'
    const { body: bytes } = await client.send(
      new InvokeModelCommand({ modelId: mistral, body: JSON.stringify({ prompt, max_tokens: 4 }) }),
    )
    expect(JSON.parse(bytes.transformToString())).toEqual({
      outputs: [{ text: expect.stringMatching(/^ \w/), stop_reason: 'length' }],
    })
  })

  test('streams what it invokes', async () => {
    const body = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 3, messages: [{ role: 'user', content: 'Hi' }] }
    const stream = await client.send(
      new InvokeModelWithResponseStreamCommand({ modelId: claude, body: JSON.stringify(body) }),
    )
    const events: { type: string; delta?: { text?: string } }[] = []
    for await (const { chunk } of stream.body ?? []) events.push(JSON.parse(Buffer.from(chunk?.bytes ?? '').toString()))
    expect(events.map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(events.at(-2)?.delta).toEqual({ stop_reason: 'max_tokens', stop_sequence: null })
    expect(events.at(-1)).toMatchObject({ 'amazon-bedrock-invocationMetrics': { outputTokenCount: 3 } })
  })

  test('counts tokens', async () => {
    const { usage } = await converse()
    const counted = await client.send(
      new CountTokensCommand({ modelId: claude, input: { converse: { messages: [question] } } }),
    )
    expect(counted.inputTokens).toBe(usage?.inputTokens)
  })

  test.each<[BedrockExceptionName]>([
    ['ThrottlingException'],
    ['ModelNotReadyException'],
    ['ServiceUnavailableException'],
    ['InternalServerException'],
    ['ModelTimeoutException'],
    ['ModelErrorException'],
    ['ValidationException'],
    ['ServiceQuotaExceededException'],
    ['AccessDeniedException'],
    ['ResourceNotFoundException'],
    ['ConflictException'],
    ['ExpiredTokenException'],
  ])('throws %s by its name and status', async (exception) => {
    emulator.setFaults([{ kind: 'exception', exception }])
    await expect(converse()).rejects.toMatchObject({
      name: exception,
      message: bedrockExceptionFacts(exception).message,
      $metadata: { httpStatusCode: bedrockExceptionFacts(exception).status },
    })
    await expect(converseStream()).rejects.toMatchObject({ name: exception })
    emulator.setFaults([])
  })

  test.each<[BedrockExceptionName]>([
    ['ThrottlingException'],
    ['ModelStreamErrorException'],
    ['ValidationException'],
    ['InternalServerException'],
    ['ServiceUnavailableException'],
  ])('throws %s out of a stream', async (exception) => {
    emulator.setFaults([{ kind: 'exception', exception, when: 'mid-stream', afterEvents: 3, message: 'Enough.' }])
    const { stream } = await client.send(new ConverseStreamCommand({ modelId: claude, messages: [question] }))
    const seen: ConverseStreamOutput[] = []
    const reading = (async () => {
      for await (const event of stream ?? []) seen.push(event)
    })()
    await expect(reading).rejects.toMatchObject({ name: exception, message: 'Enough.' })
    expect(seen).toHaveLength(3)
    emulator.setFaults([])
  })

  test('throws a damaged frame and an error message out of a stream', async () => {
    emulator.setFaults([
      { kind: 'corrupt-frame', afterEvents: 2, times: 1 },
      { kind: 'exception', exception: 'InternalServerException', when: 'mid-stream', messageType: 'error' },
    ])
    await expect(converseStream()).rejects.toThrow(/checksum/i)
    await expect(converseStream()).rejects.toMatchObject({ name: 'InternalServerException' })
    emulator.setFaults([])
  })
})

describe('credentials of the AWS SDK', () => {
  const temporary = { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 'token/+=' }
  const start = () =>
    startEmulator({
      platform: 'bedrock',
      speed: 0,
      region: 'eu-west-1',
      apiKey: 'bedrock-key',
      credentials: [
        { accessKeyId: 'AKIA', secretAccessKey: 'secret/+=' },
        temporary,
        { accessKeyId: 'OLD', secretAccessKey: 'o', sessionToken: 't', expired: true },
      ],
    })
  const ask = async (emulator: Emulator, config: Parameters<typeof sdkClient>[1]) => {
    const client = sdkClient(emulator.baseUrl, { region: 'eu-west-1', ...config })
    try {
      return await client.send(new ConverseCommand({ modelId: claude, messages: [question] }))
    } finally {
      client.destroy()
    }
  }

  test.each([true, false])('are accepted when they are right (HTTP/1.1: %s)', async (http1) => {
    await using emulator = await start()
    const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret/+=' }
    await ask(emulator, { http1, credentials })
    await ask(emulator, { http1, credentials: temporary })
    await ask(emulator, { http1, token: { token: 'bedrock-key' }, authSchemePreference: ['httpBearerAuth'] })
    expect(emulator.requests.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(emulator.requests[2]?.headers['authorization']).toBe('Bearer bedrock-key')
  })

  test.each([
    ['an unknown key', { accessKeyId: 'X', secretAccessKey: 's' }, 'UnrecognizedClientException', /token.*is invalid/],
    ['a wrong secret', { accessKeyId: 'AKIA', secretAccessKey: 'x' }, 'InvalidSignatureException', /does not match/],
    [
      'a missing session token',
      { accessKeyId: 'ASIA', secretAccessKey: 's' },
      'UnrecognizedClientException',
      /invalid/,
    ],
    [
      'an expired session',
      { accessKeyId: 'OLD', secretAccessKey: 'o', sessionToken: 't' },
      'ExpiredTokenException',
      /expired/,
    ],
  ])('are refused with %s', async (_name, credentials, name, message) => {
    await using emulator = await start()
    await expect(ask(emulator, { credentials })).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
      $metadata: { httpStatusCode: 403 },
    })
  })

  test('are refused with a wrong API key', async () => {
    await using emulator = await start()
    const asked = ask(emulator, { token: { token: 'wrong' }, authSchemePreference: ['httpBearerAuth'] })
    await expect(asked).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(/API Key/),
    })
  })

  test('are refused when they are scoped to another Region', async () => {
    await using emulator = await start()
    const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret/+=' }
    await expect(ask(emulator, { credentials, region: 'us-east-1' })).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(/scoped to a valid region/),
    })
  })

  test.each([
    [10 * 60_000, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/],
    [
      -10 * 60_000,
      /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)$/,
    ],
  ])(
    'are refused when the clocks are %i ms apart, until the SDK has corrected its own',
    async (clockOffsetMs, message) => {
      await using emulator = await startEmulator({ platform: 'bedrock', speed: 0, clockOffsetMs })
      const client = sdkClient(emulator.baseUrl, { maxAttempts: 1 })
      const send = () => client.send(new ConverseCommand({ modelId: claude, messages: [question] }))
      await expect(send()).rejects.toMatchObject({
        name: 'InvalidSignatureException',
        message: expect.stringMatching(message),
      })
      expect((await send()).stopReason).toBe('end_turn')
      client.destroy()
    },
  )

  test('do not matter when signatures are not verified', async () => {
    await using emulator = await startEmulator({ platform: 'bedrock', speed: 0, verifySignature: false })
    await ask(emulator, { credentials: { accessKeyId: 'any', secretAccessKey: 'any' } })
  })
})
