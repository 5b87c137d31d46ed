import { loadAdapter, planCodeCompletion } from '@duo-models/adapters'
import { expect } from 'vitest'
import { blockedPrompt, type Laboratory, type Platform, withLaboratory } from './laboratory.js'

/** A place of the table: what is said there, and the proof of it. */
interface Cell {
  /** `yes`, or why not. */
  readonly says: string
  prove(platform: Platform): Promise<void>
}

/** A row of the table. */
export interface Feature {
  readonly name: string
  /** What is looked at. */
  readonly demand: string
  readonly cells: Readonly<Record<Platform, Cell>>
}

const answer = { text: '{"city":"Paris"}' }
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const tool = { name: 'get_weather', description: 'Weather of a city', parameters: schema }

/** The same proof on every platform. */
function everywhere(prove: Cell['prove'], says = 'yes'): Feature['cells'] {
  const cell = { says, prove }
  return { vllm: cell, bedrock: cell, 'azure-openai': cell }
}

async function proveStreaming(platform: Platform): Promise<void> {
  await withLaboratory(platform, { answer }, async ({ stream }) => {
    const { events, text, error } = await stream({})
    expect(error).toBeUndefined()
    expect(text).toBe(answer.text)
    expect(events.filter(({ type }) => type === 'text-delta').length).toBeGreaterThan(1)
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['response-start', 'response-end'])
  })
}

async function proveUsage(platform: Platform): Promise<void> {
  await withLaboratory(platform, { answer }, async ({ stream }) => {
    const end = (await stream({})).events.at(-1)
    const count = expect.any(Number)
    expect(end).toMatchObject({ usage: { inputTokens: count, outputTokens: count, totalTokens: count } })
    expect(end).not.toHaveProperty('usage.estimated')
  })
}

async function proveTools(platform: Platform): Promise<void> {
  const call = { name: tool.name, arguments: { city: 'Paris' } }
  await withLaboratory(platform, { answer: { text: '', toolCalls: [call] } }, async ({ stream }) => {
    const { events, error } = await stream({ tools: [tool], toolChoice: { tool: tool.name } })
    expect(error).toBeUndefined()
    const ends = events.flatMap((event) => (event.type === 'tool-call-end' ? [event] : []))
    expect(ends.map(({ name, arguments: text }) => [name, JSON.parse(text)])).toEqual([[call.name, call.arguments]])
    expect(events.at(-1)).toMatchObject({ finishReason: { unified: 'tool-calls' } })
  })
}

const thought = { text: 'Paris.', reasoning: 'The capital of France is meant.' }
const thinking = { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1_024 } } }

function proveReasoning(platformOptions?: Readonly<Record<string, unknown>>): Cell['prove'] {
  return (platform) =>
    withLaboratory(platform, { answer: thought }, async ({ stream }) => {
      const { events, text, error } = await stream({ platformOptions })
      expect(error).toBeUndefined()
      const reasoning = events.map((event) => (event.type === 'reasoning-delta' ? event.text : '')).join('')
      expect([reasoning, text]).toEqual([thought.reasoning, thought.text])
    })
}

/** Chat completions of Azure never show it. */
async function proveHiddenReasoning(platform: Platform): Promise<void> {
  await withLaboratory(platform, { model: 'gpt-5', settings: { apiVersion: 'v1' } }, async ({ stream }) => {
    const { events, text, error } = await stream({ platformOptions: { reasoning_effort: 'high' } })
    expect(error).toBeUndefined()
    expect(text).not.toBe('')
    expect(events.filter(({ type }) => type === 'reasoning-delta')).toEqual([])
    const usage = events.at(-1)
    expect(usage?.type === 'response-end' && usage.usage.reasoningTokens).toBeGreaterThan(0)
  })
}

async function proveStructuredOutput(platform: Platform): Promise<void> {
  const responseFormat = { type: 'json-schema', name: 'place', schema } as const
  await withLaboratory(platform, { answer }, async ({ stream }) => {
    const good = await stream({ responseFormat })
    expect(good.error).toBeUndefined()
    expect(JSON.parse(good.text)).toEqual({ city: 'Paris' })
  })
  await withLaboratory(platform, { answer: { text: 'Paris, of course.' } }, async ({ stream }) => {
    expect((await stream({ responseFormat })).error?.code).toBe('structured-output-invalid')
  })
}

/** Choices are a form that the server itself has to be told about. */
function proveGuidedOutput(isTaken: boolean): Cell['prove'] {
  return (platform) =>
    withLaboratory(platform, { answer: { text: 'yes' } }, async ({ stream, emulator }) => {
      const { error, text } = await stream({ responseFormat: { type: 'choice', choices: ['yes', 'no'] } })
      if (isTaken) expect([error, text]).toEqual([undefined, 'yes'])
      else expect([error?.code, emulator.requests.length]).toEqual(['unsupported-parameter', 0])
    })
}

const blocked = { messages: [{ role: 'user', content: blockedPrompt }] } as const

async function proveNoFilter(platform: Platform): Promise<void> {
  await withLaboratory(platform, { answer }, async ({ stream }) => {
    const { events, text } = await stream(blocked)
    expect(text).toBe(answer.text)
    expect(events.filter(({ type }) => type === 'content-filter')).toEqual([])
  })
}

async function proveGuardrail(platform: Platform): Promise<void> {
  const settings = { guardrail: { guardrailIdentifier: 'gr', guardrailVersion: 'DRAFT', trace: 'enabled' } }
  await withLaboratory(platform, { answer, settings }, async ({ stream }) => {
    const { events } = await stream(blocked)
    expect(events.some(({ type }) => type === 'content-filter')).toBe(true)
    expect(events.at(-1)).toMatchObject({ finishReason: { unified: 'content-filter' } })
  })
}

async function proveFilter(platform: Platform): Promise<void> {
  await withLaboratory(platform, { answer }, async ({ stream }) => {
    expect((await stream(blocked)).error).toMatchObject({ code: 'content-filter', categories: ['violence'] })
    expect((await stream({})).events.some(({ type }) => type === 'content-filter')).toBe(true)
  })
}

async function proveCancellation(platform: Platform): Promise<void> {
  await withLaboratory(platform, { answer: { text: 'word '.repeat(500) }, speed: 1 }, async (laboratory) => {
    const controller = new AbortController()
    const running = laboratory.stream({}, controller.signal)
    await arrived(laboratory)
    controller.abort(new Error('enough'))
    expect((await running).error?.code).toBe('aborted')
    await expect.poll(() => laboratory.emulator.requests.at(-1)?.closedByClient).toBe(true)
  })
}

async function arrived({ emulator }: Laboratory): Promise<void> {
  await expect.poll(() => emulator.requests.length).toBeGreaterThan(0)
}

function proveFillInTheMiddle(isNative: boolean): Cell['prove'] {
  return async (platform) => {
    const { supportsRawPrompts = false } = await loadAdapter(platform)
    const input = { modelId: 'codestral-22b-v0.1', prefix: 'a = ', suffix: ';', rawCompletion: supportsRawPrompts }
    const { request } = planCodeCompletion(input)
    expect(request.kind).toBe(isNative ? 'completion' : 'chat')
    await withLaboratory(platform, { answer: { text: '1' } }, async ({ stream }) => {
      const { error, text } = await stream(request)
      expect([error, text]).toEqual([undefined, '1'])
    })
  }
}

/** Nothing of them is delivered, and asking for them does no harm. */
function proveNoLogprobs(platformOptions: Readonly<Record<string, unknown>>): Cell['prove'] {
  return (platform) =>
    withLaboratory(platform, { answer }, async ({ stream }) => {
      const { error, text, events } = await stream({ platformOptions })
      expect([error, text]).toEqual([undefined, answer.text])
      expect(JSON.stringify(events)).not.toContain('logprob')
    })
}

async function proveRefusedLogprobs(platform: Platform): Promise<void> {
  await withLaboratory(platform, { answer }, async ({ stream, emulator }) => {
    const { error } = await stream({ platformOptions: { logprobs: true } })
    expect([error?.code, emulator.requests.length]).toEqual(['unsupported-parameter', 0])
  })
}

const inWords = 'in words: no raw prompt'
const undelivered = 'no: may be asked for in `platformOptions`; there is no event for them'

/** The rows. */
export const features: readonly Feature[] = [
  {
    name: 'Streaming',
    demand: 'Text comes in pieces, and a complete answer says so',
    cells: everywhere(proveStreaming),
  },
  { name: 'Usage', demand: 'The server counts tokens, in a stream too', cells: everywhere(proveUsage) },
  { name: 'Tools', demand: 'A forced tool is called, with its arguments', cells: everywhere(proveTools) },
  {
    name: 'Reasoning',
    demand: 'What a model thinks comes apart from its answer',
    cells: {
      vllm: { says: 'yes', prove: proveReasoning() },
      bedrock: { says: 'yes, where `thinking` is turned on in `platformOptions`', prove: proveReasoning(thinking) },
      'azure-openai': {
        says: 'no: chat completions do not show it; `usage.reasoningTokens` counts it',
        prove: proveHiddenReasoning,
      },
    },
  },
  {
    name: 'Structured output',
    demand: 'An answer under a JSON Schema fits it, or fails',
    cells: everywhere(proveStructuredOutput),
  },
  {
    name: 'Guided output',
    demand: 'An answer is one of some choices (or fits a pattern or a grammar)',
    cells: {
      vllm: { says: 'yes', prove: proveGuidedOutput(true) },
      bedrock: {
        says: 'no: refused before it is sent; a JSON Schema can say much of it',
        prove: proveGuidedOutput(false),
      },
      'azure-openai': {
        says: 'no: refused before it is sent; a JSON Schema can say much of it',
        prove: proveGuidedOutput(false),
      },
    },
  },
  {
    name: 'Content filter',
    demand: 'What the platform withholds is told',
    cells: {
      vllm: { says: 'no: vLLM has none', prove: proveNoFilter },
      bedrock: { says: 'yes, with a guardrail', prove: proveGuardrail },
      'azure-openai': { says: 'yes', prove: proveFilter },
    },
  },
  {
    name: 'Cancellation',
    demand: 'An abort closes the connection, which stops the server',
    cells: everywhere(proveCancellation),
  },
  {
    name: 'Fill-in-the-middle',
    demand: 'Code between two pieces, with the tokens of the model',
    cells: {
      vllm: { says: 'yes', prove: proveFillInTheMiddle(true) },
      bedrock: { says: inWords, prove: proveFillInTheMiddle(false) },
      'azure-openai': { says: inWords, prove: proveFillInTheMiddle(false) },
    },
  },
  {
    name: 'Logprobs',
    demand: 'How likely each token was',
    cells: {
      vllm: { says: undelivered, prove: proveNoLogprobs({ logprobs: true, top_logprobs: 1 }) },
      bedrock: { says: 'no: refused before they are asked for; Converse has none', prove: proveRefusedLogprobs },
      'azure-openai': { says: undelivered, prove: proveNoLogprobs({ logprobs: true, top_logprobs: 1 }) },
    },
  },
]
