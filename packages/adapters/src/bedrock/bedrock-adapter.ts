import type { AdapterConnection, AdapterContext, AdapterTarget, ModelAdapter } from '../adapter.js'
import { BedrockConnection } from './bedrock-connection.js'
import { BedrockEndpoint } from './bedrock-endpoint.js'

/**
 * The adapter of Amazon Bedrock: Converse and ConverseStream, and InvokeModel with its stream where a deployment asks
 * for it or a raw prompt needs it. The AWS SDK, which finds Region, endpoint and credentials and signs, and undici,
 * which carries the requests, are loaded with the first connection.
 */
export const bedrockAdapter: ModelAdapter = {
  platform: 'bedrock',
  async connect(target: AdapterTarget, context: AdapterContext): Promise<AdapterConnection> {
    return new BedrockConnection(await BedrockEndpoint.open(target, context))
  },
}
