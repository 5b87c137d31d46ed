import OpenAI from 'openai'
import { messages, type Subject } from './subject.js'

/** The openai package of the workspace, as its users call it. */
export async function openOpenAI(endpoint: string): Promise<Subject> {
  const client = new OpenAI({ baseURL: endpoint, apiKey: 'none', maxRetries: 0 })
  const body = { model: 'mistral-small', messages, max_tokens: 4096, temperature: 0.2 }
  const send = () => client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } })
  return {
    stream: async () => {
      let characters = 0
      for await (const chunk of await send()) characters += chunk.choices[0]?.delta.content?.length ?? 0
      return { characters }
    },
    generate: async () => (await client.chat.completions.create(body)).choices[0]?.message.content ?? '',
    hold: async () => {
      const stream = await send()
      const iterator = stream[Symbol.asyncIterator]()
      await iterator.next()
      iterator.next().catch(() => undefined)
      return { close: () => stream.controller.abort() }
    },
    close: async () => undefined,
  }
}
