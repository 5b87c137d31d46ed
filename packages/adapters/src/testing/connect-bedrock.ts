import type { AdapterConnection, AdapterTarget } from '../adapter.js'
import { bedrockAdapter } from '../bedrock/bedrock-adapter.js'

/** The model most tests ask. */
export const claudeModelId = 'anthropic.claude-3-5-sonnet-20241022-v2:0'
/** A model without a system role and without tools. */
export const mistralModelId = 'mistral.mistral-7b-instruct-v0:2'

/** What a test says about its deployment. */
export interface BedrockTestOptions {
  readonly apiKey?: string | undefined
  readonly model?: string
  readonly modelId?: string
  /** Settings beside the Region, which is us-east-1. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/** Makes the target for a test server, or for AWS itself where the origin is `undefined`. */
export function bedrockTarget(origin: string | undefined, options: BedrockTestOptions = {}): AdapterTarget {
  const { apiKey, model = 'claude-3.5-sonnet', modelId = claudeModelId, settings } = options
  return {
    deployment: 'chat',
    model,
    servedModelName: modelId,
    endpoint: origin,
    apiKey,
    settings: { region: 'us-east-1', ...settings },
  }
}

/** Connects the Bedrock adapter to a test server, with a Bedrock API key unless another one is given. */
export async function connectBedrock(
  origin: string | undefined,
  options: BedrockTestOptions = {},
): Promise<AdapterConnection> {
  const target = bedrockTarget(origin, { apiKey: 'test-key', ...options })
  return bedrockAdapter.connect(target, { connectTimeoutMs: 2_000, maxConnections: 8 })
}

/** Runs `action` with no other AWS variables than these, and with no AWS configuration file that is not named. */
export async function withAwsEnvironment<T>(
  variables: Readonly<Record<string, string>>,
  action: () => Promise<T>,
): Promise<T> {
  const before = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'))
  const missing = new URL('./no-such-file', import.meta.url).pathname
  const isolated = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: missing,
    AWS_SHARED_CREDENTIALS_FILE: missing,
  }
  clearAwsVariables()
  Object.assign(process.env, isolated, variables)
  try {
    return await action()
  } finally {
    clearAwsVariables()
    Object.assign(process.env, Object.fromEntries(before))
  }
}

function clearAwsVariables(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
}
