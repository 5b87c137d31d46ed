import OpenAI from 'openai'
import { type FaultLimits, secretKey } from '../fault-case.js'
import { type FaultClient, maxAttempts, modelName } from '../fault-client.js'

/** The openai package of the workspace. Its one limit of time ends with the headers of an attempt. */
export async function openOpenAI(origin: string, { totalMs }: FaultLimits): Promise<FaultClient> {
  const timeout = Math.floor(totalMs / maxAttempts)
  const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: secretKey, maxRetries: maxAttempts - 1, timeout })
  const body = (content: string) => ({
    model: modelName,
    messages: [{ role: 'user' as const, content }],
    max_tokens: 64,
  })
  return {
    stream: async (prompt) => {
      let text = ''
      const stream = await client.chat.completions.create({ ...body(prompt), stream: true })
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
      return text
    },
    generate: async (prompt) => (await client.chat.completions.create(body(prompt))).choices[0]?.message.content ?? '',
    close: async () => undefined,
  }
}
