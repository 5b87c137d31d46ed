import { createDuoModelClient } from '@duo-models/core'
import type { FaultLimits } from '../fault-case.js'
import { type FaultClient, maxAttempts } from '../fault-client.js'
import { bedrockModelId, setAwsCredentials } from './bedrock-request.js'
import { requestsOf, timeoutsOf } from './duo-models.js'

/** This project on Bedrock. */
export async function openDuoModelsOnBedrock(origin: string, limits: FaultLimits): Promise<FaultClient> {
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
      timeouts: timeoutsOf(limits),
      retry: { maxAttempts },
      healthChecks: false,
    },
  )
  return requestsOf(client)
}
