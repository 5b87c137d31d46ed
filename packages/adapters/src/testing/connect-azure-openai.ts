import type { AdapterConnection, AdapterTarget } from '../adapter.js'
import { createAzureOpenAIAdapter } from '../azure-openai/azure-openai-adapter.js'
import type { TokenCredential } from '../azure-openai/token-credential.js'

/** What a test says about its deployment. */
export interface AzureOpenAITestOptions {
  /** The key; `null` for none. Default: `test-key`. */
  readonly apiKey?: string | null
  readonly model?: string
  /** The deployment's name on Azure. Default: the model's. */
  readonly deployment?: string
  /** Default: 2024-10-21; `null` for the v1 API. */
  readonly apiVersion?: string | null
  readonly credential?: TokenCredential
}

/** Makes the target for a test server. */
export function azureOpenAITarget(
  endpoint: string | undefined,
  { apiKey = 'test-key', model = 'gpt-4o', deployment = model, apiVersion = '2024-10-21' }: AzureOpenAITestOptions = {},
): AdapterTarget {
  return {
    deployment: 'chat',
    model,
    servedModelName: deployment,
    endpoint,
    apiKey: apiKey ?? undefined,
    settings: apiVersion === null ? {} : { apiVersion },
  }
}

/** Connects the Azure OpenAI adapter to a test server. */
export async function connectAzureOpenAI(
  endpoint: string | undefined,
  options: AzureOpenAITestOptions = {},
): Promise<AdapterConnection> {
  const adapter = createAzureOpenAIAdapter({ credential: options.credential })
  return adapter.connect(azureOpenAITarget(endpoint, options), { connectTimeoutMs: 2_000, maxConnections: 8 })
}
