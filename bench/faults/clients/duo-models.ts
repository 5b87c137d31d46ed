import { createDuoModelClient, type DuoModelClient, type TimeoutOptions } from '@duo-models/core'
import { type FaultLimits, secretKey } from '../fault-case.js'
import { type FaultClient, maxAttempts, modelName } from '../fault-client.js'

/** This project. */
export async function openDuoModels(origin: string, limits: FaultLimits): Promise<FaultClient> {
  const client = createDuoModelClient(
    {
      platform: 'vllm',
      model: 'mistral-small-24b-instruct-2506',
      servedModelName: modelName,
      endpoint: `${origin}/v1`,
      apiKey: secretKey,
    },
    {
      timeouts: timeoutsOf(limits),
      retry: { maxAttempts },
      healthChecks: false,
    },
  )
  return requestsOf(client)
}

/** The limits of the client of any platform. */
export function timeoutsOf({ stepMs, totalMs }: FaultLimits): TimeoutOptions {
  return { connectMs: stepMs, firstTokenMs: stepMs, interTokenMs: stepMs, totalMs }
}

/** What is asked of the client of any platform. */
export function requestsOf(client: DuoModelClient): FaultClient {
  const request = (content: string) => ({
    feature: 'duo-chat' as const,
    messages: [{ role: 'user' as const, content }],
    maxOutputTokens: 64,
  })
  return {
    stream: async (prompt) => {
      let text = ''
      for await (const event of client.stream(request(prompt))) if (event.type === 'text-delta') text += event.text
      return text
    },
    generate: async (prompt) => (await client.generate(request(prompt))).text,
    close: () => client.close(),
  }
}
