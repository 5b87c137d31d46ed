import { catalog } from '@duo-models/rules'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { bedrockRequest } from '../../test/bedrock-request.js'
import { eventsOfFrames } from '../../test/frames.js'
import { type Emulator, startEmulator } from '../start-emulator.js'
import type { BedrockEmulatorOptions } from './bedrock-emulator-options.js'

let emulator: Emulator
afterEach(() => emulator.close())

const claude = 'anthropic.claude-3-5-sonnet-20241022-v2:0'
const thinker = 'us.anthropic.claude-3-7-sonnet-20250219-v1:0'
const mistral = 'mistral.mistral-7b-instruct-v0:2'
const messages = [{ role: 'user', content: [{ text: 'Hi' }] }]

async function start(options: Omit<BedrockEmulatorOptions, 'platform'> = {}): Promise<void> {
  emulator = await startEmulator({ platform: 'bedrock', speed: 0, respond: () => 'one two', ...options })
}

const post = (modelId: string, operation: string, body: unknown, headers?: Readonly<Record<string, string>>) =>
  bedrockRequest(
    `${emulator.url}/model/${encodeURIComponent(modelId)}/${operation}`,
    body,
    headers === undefined ? {} : { headers },
  )
const converse = (fields: object = {}, modelId = claude) => post(modelId, 'converse', { messages, ...fields })
const converseStream = (fields: object = {}, modelId = claude) =>
  post(modelId, 'converse-stream', { messages, ...fields })
const invokeMistral = (fields: object = {}) => post(mistral, 'invoke', { prompt: '<s>[INST] Hi [/INST]', ...fields })
const invokeClaude = (fields: object = {}, modelId = claude) => {
  const body = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }
  return post(modelId, 'invoke', { ...body, ...fields })
}
const messageOf = ({ json }: { readonly json: unknown }) => (json as { message?: string }).message

describe('bytes', () => {
  test('of a whole answer', async () => {
    await start()
    const { status, headers, text } = await converse({}, mistral)
    expect(status).toBe(200)
    expect(text.replace(/"latencyMs":\d+/, '"latencyMs":1')).toBe(
      '{"metrics":{"latencyMs":1},"output":{"message":{"content":[{"text":"one two"}],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":5,"outputTokens":3,"serverToolUsage":{},"totalTokens":8}}',
    )
    expect(headers['content-type']).toBe('application/json')
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Date.parse(String(headers['date']))).toBeGreaterThan(Date.now() - 10_000)
  })

  test('of a stream', async () => {
    await start()
    const { headers, body } = await converseStream()
    expect(headers['content-type']).toBe('application/vnd.amazon.eventstream')
    expect(eventsOfFrames(body)).toEqual([
      { type: 'messageStart', payload: { role: 'assistant' } },
      { type: 'contentBlockDelta', payload: { contentBlockIndex: 0, delta: { text: 'one' } } },
      { type: 'contentBlockDelta', payload: { contentBlockIndex: 0, delta: { text: ' two' } } },
      { type: 'contentBlockStop', payload: { contentBlockIndex: 0 } },
      { type: 'messageStop', payload: { stopReason: 'end_turn' } },
      {
        type: 'metadata',
        payload: {
          metrics: { latencyMs: expect.any(Number) },
          usage: {
            inputTokens: expect.any(Number),
            outputTokens: 3,
            totalTokens: expect.any(Number),
            cacheReadInputTokens: 0,
            cacheWriteInputTokens: 0,
            serverToolUsage: {},
          },
        },
      },
    ])
    expect(emulator.requests[0]).toMatchObject({ eventsWritten: 6, bytesWritten: body.length })
  })

  test('of an exception', async () => {
    await start()
    const { status, headers, text } = await converse({}, 'nobody.knows-v1:0')
    expect(status).toBe(400)
    expect(text).toBe('{"message":"The provided model identifier is invalid."}')
    expect(headers['x-amzn-errortype']).toMatch(/^ValidationException:http:\/\/internal\.amazon\.com\/coral\//)
  })
})

describe('answers of a `respond` function', () => {
  test('may reason, speak and call, in blocks of that order', async () => {
    await start({
      respond: () => ({
        text: 'Yes.',
        reasoning: 'Hm.',
        toolCalls: [
          { name: 'f', arguments: { a: 1 } },
          { name: 'g', arguments: '' },
        ],
      }),
    })
    const { json } = await converse()
    expect((json as { output: unknown }).output).toEqual({
      message: {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: 'Hm.', signature: expect.any(String) } } },
          { text: 'Yes.' },
          { toolUse: { name: 'f', input: { a: 1 }, toolUseId: expect.stringMatching(/^tooluse_/) } },
          { toolUse: { name: 'g', input: {}, toolUseId: expect.stringMatching(/^tooluse_/) } },
        ],
      },
    })
    const events = eventsOfFrames((await converseStream()).body)
    const indices = events.flatMap(({ type, payload }) =>
      type.startsWith('contentBlock')
        ? `${type.slice(12)} ${(payload as { contentBlockIndex: number }).contentBlockIndex}`
        : [],
    )
    expect(indices.filter((entry) => !entry.startsWith('Delta'))).toEqual([
      'Stop 0',
      'Stop 1',
      'Start 2',
      'Stop 2',
      'Start 3',
      'Stop 3',
    ])
    expect((await converse()).json).toMatchObject({ stopReason: 'tool_use' })
  })

  test('name their own reason', async () => {
    await start({ respond: () => ({ text: 'No.', finishReason: 'content_filtered' }) })
    expect((await converse()).json).toMatchObject({ stopReason: 'content_filtered' })
  })

  test('may be empty', async () => {
    await start({ respond: () => '' })
    expect((await converse()).json).toMatchObject({ output: { message: { content: [] } } })
    expect(eventsOfFrames((await converseStream()).body).map(({ type }) => type)).toEqual([
      'messageStart',
      'messageStop',
      'metadata',
    ])
  })

  test('that fail are internal server errors, before a stream and not inside it', async () => {
    await start({
      respond: () => {
        throw new Error('my mistake')
      },
    })
    const { status, headers, json } = await converse()
    expect(status).toBe(500)
    expect(json).toEqual({ message: 'my mistake' })
    expect(headers['x-amzn-errortype']).toMatch(/^InternalServerException/)
    expect((await converseStream()).status).toBe(500)
  })

  test('are told the request', async () => {
    const seen: unknown[] = []
    await start({
      respond: (request) => {
        seen.push(request)
        return 'x'
      },
    })
    await converse({ system: [{ text: 'Be brief.' }] })
    await invokeMistral()
    expect(seen).toMatchObject([
      { endpoint: 'chat', model: claude, prompt: 'Be brief.\n\nHuman: Hi\n\nAssistant:', sample: 0 },
      { endpoint: 'completions', model: mistral, prompt: '<s>[INST] Hi [/INST]' },
    ])
  })

  test('have the same text whole and streamed, whatever it is', async () => {
    let text = ''
    await start({ respond: () => text })
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.string({ minLength: 1 })),
        async (answer, stops) => {
          text = answer
          const fields = { inferenceConfig: { maxTokens: 20, stopSequences: stops } }
          const whole = (await converse(fields)).json as {
            output: { message: { content: { text: string }[] } }
            stopReason: string
            usage: object
          }
          const events = eventsOfFrames((await converseStream(fields)).body)
          const deltas = events.map(({ payload }) => (payload as { delta?: { text?: string } }).delta?.text ?? '')
          expect(deltas.join('')).toBe(whole.output.message.content[0]?.text ?? '')
          expect(events.at(-2)).toEqual({ type: 'messageStop', payload: { stopReason: whole.stopReason } })
          expect(events.at(-1)?.payload).toMatchObject({ usage: whole.usage })
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('limits and stops', () => {
  test('maxTokens', async () => {
    await start()
    expect((await converse({ inferenceConfig: { maxTokens: 1 } })).json).toMatchObject({
      output: { message: { content: [{ text: 'one' }] } },
      stopReason: 'max_tokens',
      usage: { outputTokens: 1 },
    })
  })

  test('stopSequences, with the one that was met on request', async () => {
    await start({ respond: () => 'alpha END beta' })
    const { json } = await converse({
      inferenceConfig: { stopSequences: ['END'] },
      additionalModelResponseFieldPaths: ['/stop_sequence'],
    })
    expect(json).toMatchObject({
      output: { message: { content: [{ text: 'alpha ' }] } },
      stopReason: 'stop_sequence',
      additionalModelResponseFields: { stop_sequence: 'END' },
    })
  })

  test('arguments of a tool that a limit cuts are empty', async () => {
    await start({ respond: () => ({ text: '', toolCalls: [{ name: 'f', arguments: { city: 'Paris' } }] }) })
    expect((await converse({ inferenceConfig: { maxTokens: 3 } })).json).toMatchObject({
      output: { message: { content: [{ toolUse: { input: {} } }] } },
      stopReason: 'max_tokens',
    })
  })

  test('of the model', async () => {
    await start({ models: [{ id: 'x.small-v1:0', contextWindow: 20, maxOutputTokens: 8 }] })
    const long = [{ role: 'user', content: [{ text: 'word '.repeat(30) }] }]
    expect(messageOf(await converse({ messages: long }, 'x.small-v1:0'))).toBe('Input is too long for requested model.')
    expect(messageOf(await converse({ inferenceConfig: { maxTokens: 9 } }, 'x.small-v1:0'))).toMatch(
      /exceeds the model limit of 8\b/,
    )
    expect((await converse({}, 'x.small-v1:0')).status).toBe(200)
  })
})

describe('requests that Converse refuses', () => {
  const user = (text: string) => ({ role: 'user', content: [{ text }] })
  const assistant = (text: string) => ({ role: 'assistant', content: [{ text }] })
  const call = { toolUse: { toolUseId: 't1', name: 'f', input: {} } }
  const result = { toolResult: { toolUseId: 't1', content: [{ text: 'x' }] } }
  const toolConfig = { tools: [{ toolSpec: { name: 'f', inputSchema: { json: {} } } }] }

  test.each<[object, RegExp]>([
    [{ messages: [] }, /must start with a user message/],
    [{ messages: [assistant('x')] }, /must start with a user message/],
    [{ messages: [user('x'), user('y')] }, /must alternate between user and assistant/],
    [{ messages: [{ role: 'system', content: [{ text: 'x' }] }] }, /Value 'system' at 'messages\.1\.member\.role'/],
    [{ messages: [{ role: 'user', content: [] }] }, /content field in the Message object at messages\.0 is empty/],
    [{ messages: [user(' ')] }, /text field in the ContentBlock object at messages\.0\.content\.0 is blank/],
    [
      { messages: [{ role: 'user', content: [{ sound: {} }] }] },
      /messages\.0\.content\.0 must set one of the following keys/,
    ],
    [{ messages: [user('x'), assistant('y ')] }, /final assistant content cannot end with trailing whitespace/],
    [
      { messages: [user('x'), { role: 'assistant', content: [call] }, user('y')], toolConfig },
      /Expected toolResult blocks at messages\.2\.content.*t1/,
    ],
    [
      { messages: [user('x'), { role: 'assistant', content: [call] }], toolConfig },
      /Expected toolResult blocks at messages\.2\.content/,
    ],
    [
      { messages: [{ role: 'user', content: [result] }], toolConfig },
      /number of toolResult blocks at messages\.0\.content exceeds/,
    ],
    [
      { messages: [user('x'), { role: 'assistant', content: [call] }, { role: 'user', content: [result] }] },
      /toolConfig field must be defined/,
    ],
    [{ toolConfig: { tools: [] } }, /'toolConfig\.tools'.*greater than or equal to 1/],
    [{ toolConfig: { tools: [{ toolSpec: { name: 'a b' } }] } }, /toolSpec\.name'.*regular expression/],
    [{ toolConfig: { ...toolConfig, toolChoice: { tool: { name: 'g' } } } }, /not one of toolConfig\.tools/],
    [{ inferenceConfig: { maxTokens: 0 } }, /Value 0 at 'inferenceConfig\.maxTokens'.*greater than or equal to 1/],
    [{ inferenceConfig: { temperature: 1.5 } }, /'inferenceConfig\.temperature'.*less than or equal to 1/],
    [{ inferenceConfig: { topP: -1 } }, /'inferenceConfig\.topP'.*greater than or equal to 0/],
    [{ inferenceConfig: { stopSequences: [''] } }, /stopSequences/],
    [{ inferenceConfig: { maxTokens: 9_000 } }, /exceeds the model limit of 8192/],
    [{ system: [{ text: '' }] }, /'system\.0\.text'/],
    [{ additionalModelRequestFields: { seed: 1 } }, /extraneous key \[seed\] is not permitted/],
    [
      { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2_000 } } },
      /extraneous key \[thinking\]/,
    ],
    [
      { guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' } },
      /guardrail identifier or version.*does not exist/,
    ],
  ])('%j', async (fields, message) => {
    await start()
    const response = await converse(fields)
    expect(response.status).toBe(400)
    expect(response.headers['x-amzn-errortype']).toMatch(/^ValidationException/)
    expect(messageOf(response)).toMatch(message)
  })

  test.each<[object, RegExp]>([
    [{ inferenceConfig: { maxTokens: '64' } }, /^STRING_VALUE can not be converted to an Integer$/],
    [{ inferenceConfig: { temperature: true } }, /^TRUE_VALUE can not be converted to a Float$/],
    [{ system: 'Be brief.' }, /^Expected list or null$/],
    [{ messages: [{ role: 1, content: [] }] }, /^NUMBER_VALUE can not be converted to a String$/],
    [
      { messages: [{ role: 'user', content: [{ text: {} }] }] },
      /^Start of structure or map found where not expected\.$/,
    ],
    [{ toolConfig: [] }, /^Start of list found where not expected$/],
  ])('%j, of a wrong type', async (fields, message) => {
    await start()
    const response = await converse(fields)
    expect(response.status).toBe(400)
    expect(response.headers['x-amzn-errortype']).toMatch(/^SerializationException/)
    expect(messageOf(response)).toMatch(message)
  })

  test.each<[object, RegExp]>([
    [{ type: 'enabled' }, /budget_tokens: Field required/],
    [{ type: 'enabled', budget_tokens: 100 }, /budget_tokens: Input should be greater than or equal to 1024/],
    [{ type: 'enabled', budget_tokens: 4_000 }, /`max_tokens` must be greater than `thinking\.budget_tokens`/],
    [{ type: 'on' }, /thinking\.type/],
  ])('thinking as %j', async (thinking, message) => {
    await start()
    const fields = { inferenceConfig: { maxTokens: 4_000 }, additionalModelRequestFields: { thinking } }
    const text = messageOf(await converse(fields, thinker))
    expect(text).toMatch(message)
    expect(text).toMatch(/^The model returned the following errors: /)
  })

  test('thinking beside a temperature or a forced tool', async () => {
    await start()
    const additionalModelRequestFields = { thinking: { type: 'enabled', budget_tokens: 1_024 } }
    const warm = { inferenceConfig: { temperature: 0.5 }, additionalModelRequestFields }
    expect(messageOf(await converse(warm, thinker))).toMatch(/`temperature` may only be set to 1/)
    const forced = { additionalModelRequestFields, toolConfig: { ...toolConfig, toolChoice: { any: {} } } }
    expect(messageOf(await converse(forced, thinker))).toMatch(/tool_choice forces tool use/)
  })

  test.each([mistral, 'mistral.mixtral-8x7b-instruct-v0:1'])(
    '%s has no system prompts, tools, images or caches',
    async (modelId) => {
      await start()
      const image = [{ role: 'user', content: [{ image: { format: 'png', source: { bytes: 'AA==' } } }] }]
      const cached = [{ role: 'user', content: [{ text: 'x' }, { cachePoint: { type: 'default' } }] }]
      expect(messageOf(await converse({ system: [{ text: 'x' }] }, modelId))).toBe(
        "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.",
      )
      expect(messageOf(await converse({ toolConfig }, modelId))).toBe("This model doesn't support tool use.")
      expect(messageOf(await converse({ messages: image }, modelId))).toMatch(/doesn't support the image field/)
      expect(messageOf(await converse({ messages: [...messages, assistant('x')] }, modelId))).toMatch(
        /last turn.*user message/,
      )
      expect(await converse({ messages: cached }, modelId)).toMatchObject({ status: 403 })
    },
  )

  test('a body that is no JSON object', async () => {
    await start()
    for (const body of ['{', '[]', 'null']) {
      const response = await post(claude, 'converse', body)
      expect(response.headers['x-amzn-errortype']).toMatch(/^SerializationException/)
      expect(messageOf(await post(claude, 'invoke', body))).toMatch(/^Malformed input request, please reformat/)
    }
  })

  test('a body that is nested too deeply, or too large', async () => {
    await start()
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
    const nested = (levels: number) =>
      `{"messages":[{"role":"user","content":[{"text":"x"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"const":${deep(levels)}}}}}]}}`
    expect((await post(claude, 'converse', nested(400))).status).toBe(200)
    const refused = await post(claude, 'converse', nested(100_000))
    expect(refused.status).toBe(400)
    expect(refused.headers['x-amzn-errortype']).toMatch(/^SerializationException/)
    const large = await post(claude, 'converse', ' '.repeat(25_000_001))
    expect(messageOf(large)).toMatch(/Member must have length less than or equal to 25000000$/)
  })

  test('any JSON at all is answered, and never as a failure of the server', async () => {
    await start()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('converse', 'invoke', 'count-tokens'),
        fc.constantFrom(claude, mistral),
        fc.record(
          {
            messages: fc.jsonValue(),
            system: fc.jsonValue(),
            prompt: fc.jsonValue(),
            inferenceConfig: fc.jsonValue(),
            toolConfig: fc.jsonValue(),
            additionalModelRequestFields: fc.jsonValue(),
            anthropic_version: fc.constant('bedrock-2023-05-31'),
            max_tokens: fc.jsonValue(),
            thinking: fc.jsonValue(),
            tools: fc.jsonValue(),
            stop_sequences: fc.jsonValue(),
            input: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
        async (operation, modelId, body) => {
          const { status } = await post(modelId, operation, body)
          expect([200, 400, 403]).toContain(status)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('models', () => {
  const arn = (resource: string, region = 'us-east-1') => `arn:aws:bedrock:${region}:123456789012:${resource}`

  test('every Bedrock model of the catalog can be used, by its profile where it needs one', async () => {
    await start()
    const models = catalog.servings.flatMap(({ bedrockModels = [] }) => bedrockModels)
    expect(models.length).toBeGreaterThan(5)
    for (const { modelId, onDemand } of models) {
      expect((await converse({}, onDemand === 'only-with-profile' ? `us.${modelId}` : modelId)).status).toBe(200)
      expect((await converse({}, modelId)).status).toBe(onDemand === 'only-with-profile' ? 400 : 200)
    }
  })

  test.each([
    [claude, 200],
    [`us.${claude}`, 200],
    [`global.${claude}`, 200],
    [`new-place.${claude}`, 200],
    [`eu.${claude}`, 400],
    [`us-gov.${claude}`, 400],
    [`us.${mistral}`, 400],
    [arn(`inference-profile/${thinker}`), 200],
    [arn(`inference-profile/eu.${claude}`), 400],
    [`arn:aws:bedrock:us-east-1::foundation-model/${claude}`, 200],
    [`arn:aws:bedrock:us-west-2::foundation-model/${claude}`, 400],
    [arn('application-inference-profile/abc123'), 200],
    [arn('application-inference-profile/other'), 400],
    ['mine.llama3.1-v1:0', 200],
    ['arn:aws:s3:::bucket', 400],
    ['', 404],
  ])('%s is answered with %i', async (modelId, status) => {
    await start({
      models: [
        { id: 'anthropic.claude-3-7-sonnet-20250219-v1:0', aliases: [arn('application-inference-profile/abc123')] },
        { id: 'mine.llama3.1-v1:0' },
      ],
    })
    expect((await converse({}, modelId)).status).toBe(status)
  })

  test.each<[NonNullable<BedrockEmulatorOptions['models']>[number], number, string, RegExp]>([
    [{ id: claude, access: 'not-granted' }, 403, 'AccessDeniedException', /^You don't have access to the model/],
    [
      { id: claude, access: 'use-case-form' },
      404,
      'ResourceNotFoundException',
      /use case details have not been submitted/,
    ],
    [{ id: claude, retired: true }, 404, 'ResourceNotFoundException', /reached the end of its life/],
    [{ id: claude, retired: 'legacy' }, 404, 'ResourceNotFoundException', /marked by provider as Legacy/],
    [
      { id: claude, requiresInferenceProfile: true },
      400,
      'ValidationException',
      /on-demand throughput isn’t supported/,
    ],
  ])('%o', async (model, status, exception, message) => {
    await start({ models: [model] })
    const response = await converse()
    expect(response.status).toBe(status)
    expect(response.headers['x-amzn-errortype']).toMatch(new RegExp(`^${exception}:`))
    expect(messageOf(response)).toMatch(message)
  })

  test('one more is named by `model`', async () => {
    await start({ model: 'acme.one-v1:0' })
    expect((await converse({}, 'acme.one-v1:0')).status).toBe(200)
    expect(messageOf(await post('acme.one-v1:0', 'invoke', {}))).toMatch(/use Converse/)
    expect(messageOf(await post(mistral, 'count-tokens', {}))).toMatch(/doesn't support counting tokens/)
  })
})

describe('InvokeModel', () => {
  test('counts in headers', async () => {
    await start()
    const { headers } = await invokeMistral()
    expect(headers).toMatchObject({
      'x-amzn-bedrock-input-token-count': '5',
      'x-amzn-bedrock-output-token-count': '3',
      'x-amzn-bedrock-invocation-latency': expect.stringMatching(/^\d+$/),
    })
  })

  test('streams Mistral with its reason and metrics in the last chunk', async () => {
    await start()
    const { headers, body } = await post(mistral, 'invoke-with-response-stream', { prompt: 'x' })
    expect(headers['x-amzn-bedrock-content-type']).toBe('application/json')
    const chunks = eventsOfFrames(body).map(({ type, payload }) => {
      expect(type).toBe('chunk')
      return JSON.parse(Buffer.from((payload as { bytes: string }).bytes, 'base64').toString())
    })
    expect(chunks).toEqual([
      { outputs: [{ text: 'one', stop_reason: null }] },
      { outputs: [{ text: ' two', stop_reason: null }] },
      {
        outputs: [{ text: '', stop_reason: 'stop' }],
        'amazon-bedrock-invocationMetrics': {
          inputTokenCount: 2,
          outputTokenCount: 3,
          invocationLatency: expect.any(Number),
          firstByteLatency: expect.any(Number),
        },
      },
    ])
  })

  test.each<[object, RegExp]>([
    [{ prompt: undefined }, /required key \[prompt\] not found/],
    [{ prompt: 1 }, /#\/prompt: expected type: String, found: Integer/],
    [{ messages: [] }, /extraneous key \[messages\] is not permitted/],
    [{ max_tokens: 9_000 }, /#\/max_tokens: 9000 is not less or equal to 8192/],
    [{ max_tokens: '5' }, /#\/max_tokens: expected type: Integer, found: String/],
    [{ temperature: 2 }, /#\/temperature: 2 is not less or equal to 1/],
    [{ stop: 'x' }, /#\/stop: expected type: JSONArray, found: String/],
    [{ stop: [''] }, /minLength/],
  ])('refuses %j for Mistral', async (fields, message) => {
    await start()
    const response = await invokeMistral(fields)
    expect(response.status).toBe(400)
    expect(messageOf(response)).toMatch(message)
    expect(messageOf(response)).toMatch(/^Malformed input request: .*, please reformat your input and try again\.$/)
  })

  test.each<[object, RegExp]>([
    [{ anthropic_version: undefined }, /required key \[anthropic_version\] not found/],
    [{ max_tokens: undefined }, /required key \[max_tokens\] not found/],
    [{ model: 'claude' }, /extraneous key \[model\] is not permitted/],
    [{ stream: true }, /extraneous key \[stream\] is not permitted/],
    [{ anthropic_version: '2023-06-01' }, /anthropic_version: Input should be/],
    [{ max_tokens: 0 }, /max_tokens: Input should be greater than or equal to 1/],
    [{ messages: [] }, /at least one message is required/],
    [{ messages: [{ role: 'system', content: 'x' }] }, /messages\.0\.role: Input should be 'user' or 'assistant'/],
    [{ messages: [{ role: 'assistant', content: 'x' }] }, /first message must use the "user" role/],
    [{ messages: [{ role: 'user', content: '' }] }, /messages\.0: all messages must have non-empty content/],
    [{ temperature: 1.5 }, /temperature: Input should be less than or equal to 1/],
    [{ stop_sequences: ['\n'] }, /each stop sequence must contain non-whitespace/],
    [{ tools: [{}] }, /tools\.0\.name: Field required/],
    [{ tools: [{ name: 'f' }], tool_choice: { type: 'tool', name: 'g' } }, /Tool "g" not found/],
  ])('refuses %j for Claude', async (fields, message) => {
    await start()
    const response = await invokeClaude(fields)
    expect(response.status).toBe(400)
    expect(messageOf(response)).toMatch(message)
  })

  test('calls tools and thinks in the format of Claude', async () => {
    await start({ respond: undefined })
    const tools = [{ name: 'get_weather', description: 'weather', input_schema: { type: 'object', properties: {} } }]
    expect((await invokeClaude({ tools, tool_choice: { type: 'any' } })).json).toMatchObject({
      content: [{ type: 'tool_use', id: expect.stringMatching(/^toolu_bdrk_/), name: 'get_weather', input: {} }],
      stop_reason: 'tool_use',
    })
    const thinking = { type: 'enabled', budget_tokens: 1_024 }
    expect((await invokeClaude({ thinking, max_tokens: 2_000 }, thinker)).json).toMatchObject({
      content: [{ type: 'thinking', signature: expect.any(String) }, { type: 'text' }],
    })
  })
})

describe('prompt caching', () => {
  const long = 'This sentence is part of a long prompt. '.repeat(150)
  const cached = { system: [{ text: long }, { cachePoint: { type: 'default' } }] }
  const usageOf = (json: unknown) => (json as { usage: Record<string, number> }).usage

  test('writes what ends in a cache point once and reads it afterwards', async () => {
    await start()
    const first = usageOf((await converse(cached)).json)
    const second = usageOf((await converse(cached)).json)
    expect(first['cacheWriteInputTokens']).toBeGreaterThan(1_024)
    expect(second).toEqual({
      ...first,
      cacheReadInputTokens: first['cacheWriteInputTokens'],
      cacheWriteInputTokens: 0,
    })
    expect(first['totalTokens']).toBe(
      (first['inputTokens'] ?? 0) + (first['cacheWriteInputTokens'] ?? 0) + (first['outputTokens'] ?? 0),
    )
  })

  test('does nothing below the least length, and without a cache point', async () => {
    await start()
    const short = { system: [{ text: 'Short.' }, { cachePoint: { type: 'default' } }] }
    for (const fields of [short, { system: [{ text: long }] }]) {
      await converse(fields)
      expect(usageOf((await converse(fields)).json)).toMatchObject({
        cacheReadInputTokens: 0,
        cacheWriteInputTokens: 0,
      })
    }
  })

  test('works with cache_control of InvokeModel', async () => {
    await start()
    const system = [{ type: 'text', text: long, cache_control: { type: 'ephemeral' } }]
    const { cache_creation_input_tokens: written } = usageOf((await invokeClaude({ system })).json)
    expect(usageOf((await invokeClaude({ system })).json)).toMatchObject({
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: written,
    })
  })
})

describe('guardrails', () => {
  const guardrails = { g1: { blockedWords: ['secret'], blockedInputMessage: 'Not that.', blockedOutputMessage: 'No.' } }
  const guardrailConfig = {
    guardrailIdentifier: 'arn:aws:bedrock:us-east-1:1:guardrail/g1',
    guardrailVersion: 'DRAFT',
    trace: 'enabled',
  }
  const asked = [{ role: 'user', content: [{ text: 'Tell me the SECRET.' }] }]

  test('block a prompt before the model is asked', async () => {
    await start({ guardrails })
    const { json } = await converse({ messages: asked, guardrailConfig })
    expect(json).toMatchObject({
      output: { message: { content: [{ text: 'Not that.' }] } },
      stopReason: 'guardrail_intervened',
      usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
      trace: {
        guardrail: {
          inputAssessment: { g1: { wordPolicy: { customWords: [{ action: 'BLOCKED', match: 'secret' }] } } },
        },
      },
    })
    expect((await converse({ messages: asked })).json).toMatchObject({ stopReason: 'end_turn' })
  })

  test('block an answer, in a stream too', async () => {
    await start({ guardrails, respond: () => 'The secret is out.' })
    const events = eventsOfFrames((await converseStream({ guardrailConfig })).body)
    expect(events.at(-2)?.payload).toEqual({ stopReason: 'guardrail_intervened' })
    expect(JSON.stringify(events)).not.toContain('is out')
    expect(events.at(-1)?.payload).toMatchObject({
      trace: { guardrail: { outputAssessments: { g1: expect.any(Array) } } },
    })
  })

  test('look at guarded parts only, where there are any', async () => {
    await start({ guardrails })
    const content = [{ text: 'A secret.' }, { guardContent: { text: { text: 'Harmless.' } } }]
    const { json } = await converse({ messages: [{ role: 'user', content }], guardrailConfig })
    expect(json).toMatchObject({ stopReason: 'end_turn' })
  })

  test('are named by headers of InvokeModel', async () => {
    await start({ guardrails })
    const headers = { 'X-Amzn-Bedrock-GuardrailIdentifier': 'g1', 'X-Amzn-Bedrock-GuardrailVersion': '1' }
    expect((await post(mistral, 'invoke', { prompt: 'A secret' }, headers)).json).toEqual({
      outputs: [{ text: 'Not that.', stop_reason: 'stop' }],
      'amazon-bedrock-guardrailAction': 'INTERVENED',
    })
    expect((await post(mistral, 'invoke', { prompt: 'x' }, headers)).json).toMatchObject({
      'amazon-bedrock-guardrailAction': 'NONE',
    })
    const body = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'secret' }],
    }
    expect((await post(claude, 'invoke', body, headers)).json).toMatchObject({
      content: [{ text: 'Not that.' }],
      stop_reason: 'end_turn',
      'amazon-bedrock-guardrailAction': 'INTERVENED',
    })
  })
})

describe('paths', () => {
  test.each(['/', '/model', '/model/x', '/model/x/explain', '/v1/models', '/model/a/b/converse'])(
    '%s is unknown',
    async (path) => {
      await start()
      const { status, headers, json } = await bedrockRequest(emulator.url + path, {})
      expect(status).toBe(404)
      expect(headers['x-amzn-errortype']).toMatch(/^UnknownOperationException/)
      expect(json).toEqual({ Output: { __type: 'com.amazon.coral.service#UnknownOperationException' }, Version: '1.0' })
    },
  )

  test('a label that is no percent-encoding is no model', async () => {
    await start()
    expect(messageOf(await bedrockRequest(`${emulator.url}/model/%ZZ/converse`, {}))).toMatch(/identifier is invalid/)
  })

  test('GET is no operation', async () => {
    await start()
    expect((await fetch(`${emulator.url}/model/x/converse`)).status).toBe(404)
  })
})

test('metrics count requests and tokens by model', async () => {
  await start()
  await converse()
  await converse({}, 'unknown.model-v1:0')
  expect(emulator.metrics()).toContain(`emulator_requests_total{model="${claude}",status="200"} 1\n`)
  expect(emulator.metrics()).toContain('emulator_requests_total{model="",status="400"} 1\n')
  expect(emulator.metrics()).toContain(`emulator_output_tokens_total{model="${claude}"} 3\n`)
})
