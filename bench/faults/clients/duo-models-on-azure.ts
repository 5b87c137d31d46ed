import { createDuoModelClient } from '@duo-models/core'
import { type FaultLimits, secretKey } from '../fault-case.js'
import { type FaultClient, maxAttempts, modelName } from '../fault-client.js'
import { requestsOf, timeoutsOf } from './duo-models.js'

/** This project on Azure OpenAI, whose answers have the same format. */
export async function openDuoModelsOnAzure(origin: string, limits: FaultLimits): Promise<FaultClient> {
  const client = createDuoModelClient(
    {
      platform: 'azure-openai',
      model: 'gpt-4o',
      deployment: modelName,
      apiVersion: '2024-10-21',
      endpoint: origin,
      apiKey: secretKey,
    },
    { timeouts: timeoutsOf(limits), retry: { maxAttempts }, healthChecks: false },
  )
  return requestsOf(client)
}
