import { ChatOpenAI } from '@langchain/openai'
import { messages, type Subject } from './subject.js'

/** LangChain's client for OpenAI-style servers, as its users call it. */
export async function openLangChain(endpoint: string): Promise<Subject> {
  const model = new ChatOpenAI({
    model: 'mistral-small',
    apiKey: 'none',
    configuration: { baseURL: endpoint },
    maxTokens: 4096,
    temperature: 0.2,
    maxRetries: 0,
    streamUsage: true,
  })
  return {
    stream: async () => {
      let characters = 0
      for await (const { content } of await model.stream(messages)) characters += content.length
      return { characters }
    },
    generate: async () => String((await model.invoke(messages)).content),
    hold: async () => {
      const controller = new AbortController()
      const stream = await model.stream(messages, { signal: controller.signal })
      const iterator = stream[Symbol.asyncIterator]()
      for (;;) if ((await iterator.next()).value?.content !== '') break
      iterator.next().catch(() => undefined)
      return { close: () => controller.abort() }
    },
    close: async () => undefined,
  }
}
