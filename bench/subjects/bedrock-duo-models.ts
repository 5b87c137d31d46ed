import { createDuoModelClient } from '@duo-models/core'
import { modelId } from './converse-request.js'
import { messages, type Subject } from './subject.js'

/** This project on Bedrock, as its users call it: signed, checksums checked, all limits of time armed. */
export async function openDuoModelsOnBedrock(endpoint: string): Promise<Subject> {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'bench'
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'bench'
  const deployment = {
    platform: 'bedrock',
    model: 'claude-3.5-sonnet',
    region: 'us-east-1',
    modelId,
    endpoint,
  } as const
  const client = createDuoModelClient(
    { deployments: { chat: deployment }, features: { 'duo-chat': 'chat' } },
    // The rules know that this model has been withdrawn; the server of the benchmarks does not.
    { maxConnections: 20_000, compatibility: 'off' },
  )
  const request = { feature: 'duo-chat' as const, messages, maxOutputTokens: 4096, temperature: 0.2 }
  return {
    stream: async () => {
      let characters = 0
      for await (const event of client.stream(request)) if (event.type === 'text-delta') characters += event.text.length
      return { characters }
    },
    generate: async () => (await client.generate(request)).text,
    hold: () => Promise.reject(new Error('Streams of Bedrock are not held open here.')),
    close: () => client.close(),
  }
}
