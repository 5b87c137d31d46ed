import type { Respond } from '../answer.js'
import type { Engine } from '../engine/engine.js'
import type { Random } from '../random.js'
import type { UsageMetrics } from '../usage-metrics.js'
import type { AzureModel } from './azure-model.js'
import type {
  AzureOpenAIEmulatorOptions,
  ContentFilterCategory,
  EmulatedEntraToken,
} from './azure-openai-emulator-options.js'
import type { RateLimiter } from './rate-limiter.js'

/** A deployment with everything the endpoints ask about it. */
export interface AzureDeployment extends AzureModel {
  readonly name: string
  /** The model's name, such as `gpt-4o`. */
  readonly model: string
  readonly provisioned: boolean
  readonly limiter: RateLimiter
}

/** Everything the endpoints of one emulated Azure OpenAI resource share. */
export interface AzureOpenAIServerState {
  readonly deployments: ReadonlyMap<string, AzureDeployment>
  readonly apiVersions: ReadonlySet<string>
  /** API keys; with none, and no tokens either, everything passes. */
  readonly apiKeys: readonly string[]
  readonly entraTokens: readonly EmulatedEntraToken[]
  readonly keyAuthentication: boolean
  readonly contentFilter: NonNullable<AzureOpenAIEmulatorOptions['contentFilter']>
  /** In lower case. */
  readonly filteredWords: ReadonlyMap<ContentFilterCategory, readonly string[]>
  readonly innerErrorSpelling: NonNullable<AzureOpenAIEmulatorOptions['innerErrorSpelling']>
  readonly seed: number
  readonly respond: Respond | undefined
  readonly engine: Engine
  readonly metrics: UsageMetrics
  /** Source of ids and obfuscation. */
  readonly ids: Random
  /** When the server started, in seconds since 1970. */
  readonly startedAtSeconds: number
}
