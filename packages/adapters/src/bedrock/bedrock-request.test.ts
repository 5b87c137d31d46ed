import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AdapterRequest, ChatRequest } from '../adapter-request.js'
import { DuoModelError } from '../errors/duo-model-error.js'
import type { Message } from '../message.js'
import { claudeModelId, mistralModelId } from '../testing/connect-bedrock.js'
import { describeBedrockModel } from './bedrock-model.js'
import type { BedrockApi, BedrockGuardrail } from './bedrock-options.js'
import { createBedrockRequest } from './bedrock-request.js'
import { createRequestRefusal } from './request-refusal.js'

interface Writing {
  readonly modelId?: string
  readonly api?: BedrockApi
  readonly guardrail?: BedrockGuardrail
  readonly stream?: boolean
}

const refusal = createRequestRefusal({
  deployment: 'chat',
  platform: 'bedrock',
  method: 'POST',
  url: 'https://bedrock/model/x/converse',
  requestId: 'r1',
  redact: (text) => text,
})

function write(request: AdapterRequest, writing: Writing = {}) {
  const { modelId = claudeModelId, api = 'converse', guardrail, stream = false } = writing
  const options = guardrail ? { api, guardrail } : { api }
  const sent = createBedrockRequest(request, { options, model: describeBedrockModel(modelId, ''), stream, refusal })
  return { ...sent, json: JSON.parse(sent.body) }
}

function refused(request: AdapterRequest, writing: Writing = {}): DuoModelError {
  try {
    write(request, writing)
  } catch (error) {
    if (DuoModelError.is(error)) return error
    throw error
  }
  throw new Error('The request was written.')
}

const chat = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  kind: 'chat',
  messages: [{ role: 'user', content: 'Hi' }],
  ...more,
})
const tool = {
  name: 'look_up',
  description: 'Looks up.',
  parameters: { type: 'object', properties: { q: { type: 'string' } } },
}
const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false }
const conversation: readonly Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'One.' },
  { role: 'user', content: 'Two.' },
  {
    role: 'assistant',
    content: 'Let me see.',
    toolCalls: [
      { id: 't1', name: 'look_up', arguments: '{"q":"x"}' },
      { id: 't2', name: 'look_up', arguments: '' },
    ],
  },
  { role: 'tool', toolCallId: 't1', content: 'found' },
  { role: 'tool', toolCallId: 't2', content: '' },
  { role: 'user', content: 'And?' },
]

describe('a request of Converse', () => {
  it('holds nothing that was not asked for', () => {
    expect(write(chat()).json).toEqual({ messages: [{ role: 'user', content: [{ text: 'Hi' }] }] })
    expect(write(chat()).operation).toBe('converse')
    expect(write(chat(), { stream: true }).operation).toBe('converse-stream')
  })

  it('holds every setting in its place', () => {
    const settings = { maxOutputTokens: 64, temperature: 0, topP: 0.9, stopSequences: ['END'] }
    expect(write(chat(settings)).json.inferenceConfig).toEqual({
      maxTokens: 64,
      temperature: 0,
      topP: 0.9,
      stopSequences: ['END'],
    })
    expect(write(chat({ stopSequences: [] })).json).not.toHaveProperty('inferenceConfig')
  })

  it('has user and assistant in turns, with tool calls and their results', () => {
    const { json } = write(chat({ messages: conversation, tools: [tool] }))
    expect(json.system).toEqual([{ text: 'Be brief.' }])
    expect(json.messages).toEqual([
      { role: 'user', content: [{ text: 'One.' }, { text: 'Two.' }] },
      {
        role: 'assistant',
        content: [
          { text: 'Let me see.' },
          { toolUse: { toolUseId: 't1', name: 'look_up', input: { q: 'x' } } },
          { toolUse: { toolUseId: 't2', name: 'look_up', input: {} } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 't1', content: [{ text: 'found' }] } },
          { toolResult: { toolUseId: 't2', content: [] } },
          { text: 'And?' },
        ],
      },
    ])
  })

  it('never has two turns of one role in a row', () => {
    const message = fc.oneof(
      fc.record({ role: fc.constant('user' as const), content: fc.string() }),
      fc.record({ role: fc.constant('assistant' as const), content: fc.string() }),
      fc.record({ role: fc.constant('tool' as const), content: fc.string(), toolCallId: fc.string() }),
    )
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
        const roles = write(chat({ messages })).json.messages.map(({ role }: { role: string }) => role)
        expect(roles.every((role: string, index: number) => role !== roles[index - 1])).toBe(true)
      }),
    )
  })

  it.each([
    [undefined, undefined],
    ['auto', { auto: {} }],
    ['required', { any: {} }],
    [{ tool: 'look_up' }, { tool: { name: 'look_up' } }],
  ] as const)('says which tool to call: %j', (toolChoice, expected) => {
    const { json } = write(chat({ tools: [tool, { name: 'now' }], toolChoice }))
    expect(json.toolConfig).toEqual({
      tools: [
        { toolSpec: { name: 'look_up', description: 'Looks up.', inputSchema: { json: tool.parameters } } },
        { toolSpec: { name: 'now', inputSchema: { json: { type: 'object', properties: {} } } } },
      ],
      ...(expected && { toolChoice: expected }),
    })
  })

  it('leaves the tools out where none may be called', () => {
    expect(write(chat({ tools: [tool], toolChoice: 'none' })).json).not.toHaveProperty('toolConfig')
    expect(refused(chat({ messages: conversation, tools: [tool], toolChoice: 'none' }))).toMatchObject({
      code: 'unsupported-parameter',
      parameter: 'toolChoice',
      phase: 'configuration',
    })
  })

  it.each(['required', { tool: 'look_up' }] as const)('refuses to demand a tool without tools: %j', (toolChoice) => {
    expect(refused(chat({ toolChoice }))).toMatchObject({ code: 'unsupported-parameter', parameter: 'toolChoice' })
  })

  it('refuses tool calls whose arguments are no object', () => {
    const toolCalls = [{ id: 't1', name: 'look_up', arguments: '{"q":' }]
    const messages: Message[] = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', toolCalls },
    ]
    expect(refused(chat({ messages })).code).toBe('invalid-request')
    expect(refused(chat({ messages })).message).toContain("the call of 'look_up'")
  })

  it('joins platform options with what is there', () => {
    const platformOptions = {
      inferenceConfig: { topP: 0.5 },
      additionalModelRequestFields: { top_k: 5 },
      performanceConfig: { latency: 'optimized' },
    }
    expect(write(chat({ maxOutputTokens: 9, topP: 0.9, platformOptions })).json).toMatchObject({
      ...platformOptions,
      inferenceConfig: { maxTokens: 9, topP: 0.5 },
    })
  })

  it.each([
    ['top_k', 'additionalModelRequestFields'],
    ['logprobs', 'log probabilities'],
    ['modelId', 'additionalModelRequestFields'],
    ['__proto__', 'additionalModelRequestFields'],
    ['constructor', 'additionalModelRequestFields'],
  ])('refuses the platform option %s, which Bedrock would ignore', (name, words) => {
    const platformOptions = JSON.parse(`{"${name}": 1}`)
    expect(refused(chat({ platformOptions }))).toMatchObject({ code: 'unsupported-parameter', parameter: name })
    expect(refused(chat({ platformOptions })).message).toContain(words)
  })

  it('refuses a seed, which no model takes', () => {
    expect(refused(chat({ seed: 7 }))).toMatchObject({ code: 'unsupported-parameter', parameter: 'seed' })
  })

  it('passes through the guardrail of the deployment, streams in their own mode', () => {
    const guardrail = {
      guardrailIdentifier: 'gr1',
      guardrailVersion: '3',
      trace: 'enabled',
      streamProcessingMode: 'async',
    }
    const { streamProcessingMode: _none, ...whole } = guardrail
    expect(write(chat(), { guardrail }).json.guardrailConfig).toEqual(whole)
    expect(write(chat(), { guardrail, stream: true }).json.guardrailConfig).toEqual(guardrail)
  })

  it('folds the system prompt for models without one, and refuses tools for them', () => {
    const messages: Message[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ]
    const { json } = write(chat({ messages }), { modelId: mistralModelId })
    expect(json).toEqual({ messages: [{ role: 'user', content: [{ text: 'Be brief.\n\nHi' }] }] })
    for (const more of [{ tools: [tool] }, { messages: conversation }])
      expect(refused(chat(more), { modelId: mistralModelId })).toMatchObject({
        code: 'unsupported-parameter',
        parameter: 'tools',
      })
    expect(write(chat({ tools: [tool], toolChoice: 'none' }), { modelId: mistralModelId }).json).not.toHaveProperty(
      'toolConfig',
    )
  })
})

describe('the form of an answer', () => {
  const format = { type: 'json-schema', name: 'a number', schema } as const

  it('is given with a tool by Claude up to 4.1', () => {
    const { json, form } = write(chat({ responseFormat: format }))
    expect(form).toEqual({ means: 'forced-tool', name: 'a_number', schema })
    expect(json.toolConfig.toolChoice).toEqual({ tool: { name: 'a_number' } })
    expect(json.toolConfig.tools[0].toolSpec).toMatchObject({ name: 'a_number', inputSchema: { json: schema } })
  })

  it('may be an own tool instead where there are some', () => {
    const { json } = write(chat({ responseFormat: format, tools: [tool] }))
    expect(json.toolConfig.toolChoice).toEqual({ any: {} })
    expect(json.toolConfig.tools).toHaveLength(2)
  })

  it.each(['required', { tool: 'look_up' }] as const)('is none where a tool has to be called: %j', (toolChoice) => {
    expect(write(chat({ responseFormat: format, tools: [tool], toolChoice })).form).toEqual({ means: 'none' })
  })

  it('is enforced by the platform from Claude 4.5 on, where the schema allows it', () => {
    const modelId = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0'
    const { json } = write(chat({ responseFormat: format }), { modelId })
    expect(json.outputConfig).toEqual({
      textFormat: {
        type: 'json_schema',
        structure: { jsonSchema: { name: 'a_number', schema: JSON.stringify(schema) } },
      },
    })
    expect(json).not.toHaveProperty('toolConfig')
    const open = { type: 'object', properties: { n: { type: 'integer', minimum: 0 } } }
    expect(write(chat({ responseFormat: { ...format, schema: open } }), { modelId }).form.means).toBe('forced-tool')
  })

  it.each([
    ['a list', { ...format, schema: { type: 'array' } }, {}],
    [
      'a model that thinks',
      format,
      { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } } },
    ],
    ['any object', { type: 'json-object' as const }, undefined],
  ])('is asked for in words: %s', (_name, responseFormat, platformOptions) => {
    const { json, form } = write(chat({ responseFormat, platformOptions }))
    expect(form.means).toBe('prompt')
    expect(json.system.at(-1).text).toMatch(/^Answer with/)
    expect(json).not.toHaveProperty('toolConfig')
  })

  it('is asked for in words of a model without tools', () => {
    const { json } = write(chat({ responseFormat: format }), { modelId: mistralModelId })
    expect(json.messages[0].content[0].text).toContain(JSON.stringify(schema))
    expect(json).not.toHaveProperty('system')
  })

  it.each([
    { type: 'regex', pattern: 'a+' },
    { type: 'choice', choices: ['a'] },
    { type: 'grammar', grammar: 'root ::= "a"' },
  ] as const)('is refused where Bedrock has no means: $type', (responseFormat) => {
    expect(refused(chat({ responseFormat }))).toMatchObject({
      code: 'unsupported-parameter',
      parameter: 'responseFormat',
    })
  })
})

describe('a request of InvokeModel to Claude', () => {
  const writing = { api: 'invoke-model' } as const

  it('has the body of Anthropic', () => {
    const { json, operation } = write(chat({ messages: conversation, tools: [tool], temperature: 0.5 }), writing)
    expect(operation).toBe('invoke')
    expect(json).toMatchObject({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 4096,
      system: 'Be brief.',
      temperature: 0.5,
      tools: [{ name: 'look_up', description: 'Looks up.', input_schema: tool.parameters }],
    })
    expect(json.messages.map(({ role }: Message) => role)).toEqual(['user', 'assistant', 'user'])
    expect(json.messages[1].content[1]).toEqual({ type: 'tool_use', id: 't1', name: 'look_up', input: { q: 'x' } })
    expect(json.messages[2].content[0]).toEqual({ type: 'tool_result', tool_use_id: 't1', content: 'found' })
  })

  it.each([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'any' }],
    [{ tool: 'look_up' }, { type: 'tool', name: 'look_up' }],
  ] as const)('says which tool to call: %j', (toolChoice, expected) => {
    expect(write(chat({ tools: [tool], toolChoice }), writing).json.tool_choice).toEqual(expected)
  })

  it('forces the form with a tool, or leaves it to the platform', () => {
    const responseFormat = { type: 'json-schema', schema } as const
    expect(write(chat({ responseFormat }), writing).json).toMatchObject({
      tools: [{ name: 'answer', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'answer' },
    })
    const modelId = 'us.anthropic.claude-opus-4-6-v1'
    expect(write(chat({ responseFormat }), { ...writing, modelId }).json.output_config).toEqual({
      format: { type: 'json_schema', schema },
    })
  })

  it('names its guardrail in headers', () => {
    const guardrail = { guardrailIdentifier: 'gr1', guardrailVersion: 'DRAFT', trace: 'enabled' }
    expect(write(chat(), { ...writing, guardrail, stream: true })).toMatchObject({
      operation: 'invoke-with-response-stream',
      headers: {
        'x-amzn-bedrock-guardrailidentifier': 'gr1',
        'x-amzn-bedrock-guardrailversion': 'DRAFT',
        'x-amzn-bedrock-trace': 'ENABLED',
      },
    })
  })
})

describe('a request of InvokeModel to Mistral', () => {
  const writing = { api: 'invoke-model', modelId: mistralModelId } as const

  it('has the prompt of its instruct models', () => {
    const messages: Message[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'u1' },
      { role: 'assistant', content: 'a1' },
      { role: 'user', content: 'u2' },
    ]
    const { json } = write(chat({ messages, maxOutputTokens: 9, stopSequences: ['x'] }), writing)
    expect(json).toEqual({
      prompt: '<s>[INST] Be brief.\n\nu1 [/INST] a1</s> [INST] u2 [/INST]',
      max_tokens: 9,
      stop: ['x'],
    })
  })

  it('leaves an answer at the end open', () => {
    const messages: Message[] = [
      { role: 'user', content: 'u1' },
      { role: 'assistant', content: 'a1' },
    ]
    expect(write(chat({ messages }), writing).json.prompt).toBe('<s>[INST] u1 [/INST] a1')
  })

  it('lets no text leave its place in the prompt', () => {
    const mark = fc.constantFrom('<s>', '</s>', '[INST]', '[/INST]', ' ', 'x', '<s', '[/INST')
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 10 }), (parts) => {
        const messages: Message[] = [{ role: 'user', content: parts.join('') }]
        const { prompt } = write(chat({ messages }), writing).json
        expect(prompt.match(/<s>|<\/s>|\[INST\]|\[\/INST\]/g)).toEqual(['<s>', '[INST]', '[/INST]'])
      }),
    )
  })

  it('carries a raw prompt as it is, whatever the api of the deployment', () => {
    for (const prompt of ['[INST] Hi [/INST]', '<s>[INST] Hi [/INST]']) {
      const { json, operation } = write({ kind: 'completion', prompt }, { modelId: mistralModelId, stream: true })
      expect(operation).toBe('invoke-with-response-stream')
      expect(json).toEqual({ prompt: '<s>[INST] Hi [/INST]' })
    }
  })

  it('is the only place for a raw prompt', () => {
    expect(refused({ kind: 'completion', prompt: 'x' })).toMatchObject({
      code: 'unsupported-parameter',
      parameter: 'prompt',
    })
  })
})
