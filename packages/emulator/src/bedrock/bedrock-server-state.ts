import type { Respond } from '../answer.js'
import type { Engine } from '../engine/engine.js'
import type { Random } from '../random.js'
import type { UsageMetrics } from '../usage-metrics.js'
import type { EmulatedAwsCredentials, EmulatedGuardrail } from './bedrock-emulator-options.js'
import type { BedrockModel } from './bedrock-model.js'
import type { PromptCache } from './prompt-cache.js'

/** Everything the endpoints of one emulated Bedrock Runtime share. */
export interface BedrockServerState {
  readonly region: string
  readonly credentials: readonly EmulatedAwsCredentials[]
  readonly verifiesSignatures: boolean
  /** Bedrock API keys; with none, every key passes. */
  readonly apiKeys: readonly string[]
  readonly models: readonly BedrockModel[]
  readonly guardrails: ReadonlyMap<string, EmulatedGuardrail>
  readonly promptCache: PromptCache
  /** The server's time. */
  readonly clock: () => Date
  readonly seed: number
  readonly respond: Respond | undefined
  readonly engine: Engine
  readonly metrics: UsageMetrics
  /** Source of ids and paddings. */
  readonly ids: Random
}
