import { converseInput, modelId } from './converse-request.js'
import { loadAwsSdk } from './load-aws-sdk.js'
import type { Subject } from './subject.js'

/** The official client over HTTP/1.1, which costs it less than HTTP/2 does. */
export async function openAwsSdk(endpoint: string): Promise<Subject> {
  const sdk = loadAwsSdk()
  const client = new sdk.BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    maxAttempts: 1,
    requestHandler: new sdk.NodeHttpHandler({ httpAgent: { keepAlive: true, maxSockets: 20_000 } }),
  })
  const input = { ...converseInput, modelId }
  return {
    stream: async () => {
      let characters = 0
      const { stream = [] } = await client.send(new sdk.ConverseStreamCommand(input))
      for await (const { contentBlockDelta } of stream) characters += contentBlockDelta?.delta?.text?.length ?? 0
      return { characters }
    },
    generate: async () => {
      const { output } = await client.send(new sdk.ConverseCommand(input))
      return output?.message?.content?.[0]?.text ?? ''
    },
    hold: () => Promise.reject(new Error('Streams of Bedrock are not held open here.')),
    close: async () => client.destroy(),
  }
}
