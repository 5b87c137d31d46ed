import { createDuoModelClient } from '@duo-models/core'
import { messages, type Subject } from './subject.js'

/** This project, as its users call it: all limits of time armed, validation and retries on, `for await` per event. */
export async function openDuoModels(endpoint: string): Promise<Subject> {
  const client = createDuoModelClient(
    { platform: 'vllm', model: 'mistral-small-24b-instruct-2506', servedModelName: 'mistral-small', endpoint },
    { maxConnections: 20_000 },
  )
  const request = { feature: 'duo-chat' as const, messages, maxOutputTokens: 4096, temperature: 0.2 }
  return {
    stream: async () => {
      let characters = 0
      for await (const event of client.stream(request)) if (event.type === 'text-delta') characters += event.text.length
      return { characters }
    },
    generate: async () => (await client.generate(request)).text,
    hold: async () => {
      const stream = client.stream(request)
      const iterator = stream[Symbol.asyncIterator]()
      for (;;) if ((await iterator.next()).value?.type === 'text-delta') break
      readOn(iterator)
      return { close: () => stream.cancel() }
    },
    close: () => client.close(),
  }
}

/** Waits for events that never come, as a reader of a slow model does. */
async function readOn(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    while ((await iterator.next()).done !== true);
  } catch {
    // The stream was given up.
  }
}
