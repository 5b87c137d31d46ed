import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../test/raw-request.js'
import { type Emulator, startEmulator } from '../start-emulator.js'

let emulator: Emulator
let client: OpenAI
beforeAll(async () => {
  emulator = await startEmulator({
    platform: 'vllm',
    speed: 0,
    apiKey: 'k',
    servedModelName: 'm',
    autoToolChoice: true,
  })
  client = new OpenAI({ baseURL: emulator.baseUrl, apiKey: 'k', maxRetries: 0 })
})
afterAll(() => emulator.close())

const messages = [{ role: 'user' as const, content: 'What is the weather in Paris?' }]
const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'Current weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}

test('chat says that it is an emulator and repeats itself', async () => {
  const first = await client.chat.completions.create({ model: 'm', messages })
  const second = await client.chat.completions.create({ model: 'm', messages })
  expect(first.choices[0]?.message.content).toMatch(/emulator.*weather Paris/s)
  expect(second.choices).toEqual(first.choices)
  expect(second.id).not.toBe(first.id)
})

test('a stream has the same text and usage as the whole answer', async () => {
  const whole = await client.chat.completions.create({ model: 'm', messages })
  const stream = await client.chat.completions.create({
    model: 'm',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  })
  let text = ''
  let usage: OpenAI.CompletionUsage | null | undefined
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? ''
    usage = chunk.usage ?? usage
  }
  expect(text).toBe(whole.choices[0]?.message.content)
  expect(usage?.completion_tokens).toBe(whole.usage?.completion_tokens)
})

test('completions, whole and streamed', async () => {
  const prompt = 'def add(a, b):\n'
  const whole = await client.completions.create({ model: 'm', prompt })
  let text = ''
  for await (const chunk of await client.completions.create({ model: 'm', prompt, stream: true }))
    text += chunk.choices[0]?.text ?? ''
  expect(text).toBe('    return a + b')
  expect(whole.choices[0]?.text).toBe(text)
})

test('models', async () => {
  const { data } = await client.models.list()
  expect(data).toMatchObject([
    { id: 'm', owned_by: 'vllm', root: 'mistralai/Mistral-7B-Instruct-v0.3', max_model_len: 32_768 },
  ])
})

test('errors have the status and message of the server', async () => {
  await expect(client.chat.completions.create({ model: 'x', messages })).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining('does not exist'),
  })
  const stranger = new OpenAI({ baseURL: emulator.baseUrl, apiKey: 'wrong', maxRetries: 0 })
  await expect(stranger.models.list()).rejects.toMatchObject({ status: 401 })
})

test.each(['auto', 'required', { type: 'function', function: { name: 'get_weather' } }] as const)(
  'tool choice %o calls the function',
  async (tool_choice) => {
    const { choices } = await client.chat.completions.create({ model: 'm', messages, tools: [weather], tool_choice })
    expect(choices[0]?.finish_reason).toBe(typeof tool_choice === 'string' ? 'tool_calls' : 'stop')
    const [call] = choices[0]?.message.tool_calls ?? []
    expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather' } })
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual({ city: expect.any(String) })
  },
)

test('tool calls stream by index and join to the whole call', async () => {
  const stream = client.chat.completions.stream({ model: 'm', messages, tools: [weather], tool_choice: 'required' })
  const { choices } = await stream.finalChatCompletion()
  const [call] = choices[0]?.message.tool_calls ?? []
  expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual({ city: expect.any(String) })
  expect(choices[0]?.finish_reason).toBe('tool_calls')
})

test('small talk and tool results are answered in words', async () => {
  const small = await client.chat.completions.create({
    model: 'm',
    messages: [{ role: 'user', content: 'Hello' }],
    tools: [weather],
  })
  expect(small.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: expect.any(String) } })
})

test('a schema is met', async () => {
  const schema = { type: 'object', properties: { answer: { type: 'integer' } }, required: ['answer'] }
  const response_format = { type: 'json_schema' as const, json_schema: { name: 'x', schema } }
  const { choices } = await client.chat.completions.create({ model: 'm', messages, response_format })
  expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ answer: expect.any(Number) })
})

test('an aborted stream is seen by the server', async () => {
  emulator.setFaults([{ kind: 'stall', when: 'mid-stream', afterEvents: 2 }])
  const stream = await client.chat.completions.create({ model: 'm', messages, stream: true })
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break
  await until(() => emulator.requests.at(-1)?.closedByClient === true)
  emulator.setFaults([])
})
