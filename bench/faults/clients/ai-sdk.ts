import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText, streamText } from 'ai'
import { type FaultLimits, secretKey } from '../fault-case.js'
import { type FaultClient, maxAttempts, modelName } from '../fault-client.js'

/** Vercel's AI SDK. It has no limit of time of its own: it is given a signal for the whole call. */
export async function openAiSdk(origin: string, { totalMs }: FaultLimits): Promise<FaultClient> {
  const provider = createOpenAICompatible({ name: 'vllm', baseURL: `${origin}/v1`, apiKey: secretKey })
  const settings = (prompt: string) => ({
    model: provider(modelName),
    prompt,
    maxOutputTokens: 64,
    maxRetries: maxAttempts - 1,
  })
  return {
    stream: (prompt) =>
      limited(totalMs, async (abortSignal) => {
        let text = ''
        for await (const part of streamText({ ...settings(prompt), abortSignal, onError: () => undefined })
          .fullStream) {
          if (part.type === 'text-delta') text += part.text
          if (part.type === 'error') throw part.error
          if (part.type === 'abort') throw new DOMException('The call was aborted.', 'AbortError')
        }
        return text
      }),
    generate: (prompt) =>
      limited(totalMs, async (abortSignal) => (await generateText({ ...settings(prompt), abortSignal })).text),
    close: async () => undefined,
  }
}

async function limited(totalMs: number, call: (signal: AbortSignal) => Promise<string>): Promise<string> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), totalMs)
  try {
    return await call(controller.signal)
  } finally {
    clearTimeout(timer)
  }
}
