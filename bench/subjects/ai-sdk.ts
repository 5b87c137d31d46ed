import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText, streamText } from 'ai'
import { messages, type Subject } from './subject.js'

/** Vercel's AI SDK as its users call it, with the events of every kind. */
export async function openAiSdk(endpoint: string): Promise<Subject> {
  const provider = createOpenAICompatible({ name: 'vllm', baseURL: endpoint, apiKey: 'none', includeUsage: true })
  const [instructions, ...rest] = messages
  const settings = {
    model: provider('mistral-small'),
    system: instructions?.content ?? '',
    messages: rest,
    maxOutputTokens: 4096,
    temperature: 0.2,
    maxRetries: 0,
  }
  return {
    stream: async () => {
      let characters = 0
      for await (const part of streamText(settings).fullStream)
        if (part.type === 'text-delta') characters += part.text.length
      return { characters }
    },
    generate: async () => (await generateText(settings)).text,
    hold: async () => {
      const controller = new AbortController()
      const { fullStream } = streamText({ ...settings, abortSignal: controller.signal })
      const iterator = fullStream[Symbol.asyncIterator]()
      for (;;) if ((await iterator.next()).value?.type === 'text-delta') break
      iterator.next().catch(() => undefined)
      return { close: () => controller.abort() }
    },
    close: async () => undefined,
  }
}
