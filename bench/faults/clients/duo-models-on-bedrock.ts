import { createDuoModelClient } from '@duo-models/core'
import { limitMs, totalLimitMs } from '../fault-case.js'
import { type FaultClient, maxAttempts } from '../fault-client.js'
import { bedrockModelId, setAwsCredentials } from './bedrock-request.js'
import { requestsOf } from './duo-models.js'

/** This project on Bedrock. */
export async function openDuoModelsOnBedrock(origin: string): Promise<FaultClient> {
  setAwsCredentials()
  const deployment = {
    platform: 'bedrock',
    model: 'claude-3.5-sonnet',
    region: 'us-east-1',
    modelId: bedrockModelId,
    endpoint: origin,
  } as const
  const client = createDuoModelClient(
    { deployments: { chat: deployment }, features: { 'duo-chat': 'chat' } },
    {
      // The rules know that this model has been withdrawn; the server of the benchmarks does not.
      compatibility: 'off',
      timeouts: { connectMs: limitMs, firstTokenMs: limitMs, interTokenMs: limitMs, totalMs: totalLimitMs },
      retry: { maxAttempts },
      healthChecks: false,
    },
  )
  return requestsOf(client)
}
