import { loadAwsSdk } from '../../subjects/load-aws-sdk.js'
import type { FaultLimits } from '../fault-case.js'
import { type FaultClient, maxAttempts } from '../fault-client.js'
import { bedrockModelId, setAwsCredentials } from './bedrock-request.js'

/** The official client over HTTP/1.1. It has no limit of time of its own: it is given one per request. */
export async function openAwsSdk(origin: string, { totalMs }: FaultLimits): Promise<FaultClient> {
  setAwsCredentials()
  const { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, NodeHttpHandler } = loadAwsSdk()
  const requestTimeout = Math.floor(totalMs / maxAttempts)
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: origin,
    maxAttempts,
    requestHandler: new NodeHttpHandler({ requestTimeout, throwOnRequestTimeout: true }),
  })
  const input = (text: string) => ({
    modelId: bedrockModelId,
    messages: [{ role: 'user', content: [{ text }] }],
    inferenceConfig: { maxTokens: 64 },
  })
  return {
    stream: async (prompt) => {
      let text = ''
      const { stream = [] } = await client.send(new ConverseStreamCommand(input(prompt)))
      for await (const { contentBlockDelta } of stream) text += contentBlockDelta?.delta?.text ?? ''
      return text
    },
    generate: async (prompt) => {
      const { output } = await client.send(new ConverseCommand(input(prompt)))
      return output?.message?.content?.[0]?.text ?? ''
    },
    close: async () => client.destroy(),
  }
}
