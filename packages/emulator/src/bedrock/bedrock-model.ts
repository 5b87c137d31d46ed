import type { EmulatedBedrockModel } from './bedrock-emulator-options.js'

/** A model with everything the endpoints ask about it. */
export interface BedrockModel extends Required<Omit<EmulatedBedrockModel, 'aliases'>> {
  readonly access: 'granted' | 'not-granted' | 'use-case-form'
  readonly requiresInferenceProfile: boolean
  readonly retired: boolean | 'legacy'
  readonly contextWindow: number
  readonly maxOutputTokens: number
  readonly aliases: readonly string[]
  /** Whose request bodies InvokeModel takes. */
  readonly provider: 'anthropic' | 'mistral' | 'other'
  /** Whether cross-Region inference profiles of the model exist. */
  readonly hasInferenceProfiles: boolean
  /** Whether Converse takes system prompts and tools. Mistral 7B and Mixtral have neither. */
  readonly takesSystemAndTools: boolean
  /** Whether `thinking` can be asked for. From Claude 3.7 Sonnet on. */
  readonly thinks: boolean
  /** Whether cache points work. */
  readonly caches: boolean
}

/** The catalog's Bedrock models: what the public model pages say of their limits and profiles. */
const documented: readonly EmulatedBedrockModel[] = [
  { id: 'anthropic.claude-3-5-sonnet-20240620-v1:0', maxOutputTokens: 8_192 },
  { id: 'anthropic.claude-3-5-sonnet-20241022-v2:0', maxOutputTokens: 8_192 },
  { id: 'anthropic.claude-3-7-sonnet-20250219-v1:0', maxOutputTokens: 64_000, requiresInferenceProfile: true },
  { id: 'anthropic.claude-sonnet-4-20250514-v1:0', maxOutputTokens: 64_000, requiresInferenceProfile: true },
  { id: 'anthropic.claude-sonnet-4-5-20250929-v1:0', maxOutputTokens: 64_000, requiresInferenceProfile: true },
  { id: 'mistral.mistral-7b-instruct-v0:2', maxOutputTokens: 8_192, contextWindow: 32_768 },
  { id: 'mistral.mixtral-8x7b-instruct-v0:1', maxOutputTokens: 4_096, contextWindow: 32_768 },
]

const defaultContextWindow = 200_000
const defaultMaxOutputTokens = 8_192

/** The catalog's models with the given ones beside them, or in their place where ids are the same. */
export function bedrockModels(given: readonly EmulatedBedrockModel[]): readonly BedrockModel[] {
  const models = new Map(documented.map((model) => [model.id, model]))
  for (const model of given) models.set(model.id, { ...models.get(model.id), ...withoutUndefined(model) })
  return [...models.values()].map(complete)
}

function withoutUndefined(model: EmulatedBedrockModel): EmulatedBedrockModel {
  return Object.fromEntries(
    Object.entries(model).filter(([, value]) => value !== undefined),
  ) as unknown as EmulatedBedrockModel
}

function complete(model: EmulatedBedrockModel): BedrockModel {
  const { id } = model
  const provider = providerOf(id)
  return {
    id,
    access: model.access ?? 'granted',
    requiresInferenceProfile: model.requiresInferenceProfile ?? false,
    retired: model.retired ?? false,
    aliases: model.aliases ?? [],
    contextWindow: model.contextWindow ?? defaultContextWindow,
    maxOutputTokens: model.maxOutputTokens ?? defaultMaxOutputTokens,
    provider,
    hasInferenceProfiles: provider !== 'mistral' || model.requiresInferenceProfile === true,
    takesSystemAndTools: !/^mistral\.(mistral-7b|mixtral-8x7b)-/.test(id),
    thinks: provider === 'anthropic' && !/claude-(v|instant|3-(haiku|sonnet|opus)|3-5-)/.test(id),
    caches: provider !== 'mistral',
  }
}

function providerOf(id: string): BedrockModel['provider'] {
  if (id.startsWith('anthropic.')) return 'anthropic'
  return id.startsWith('mistral.') ? 'mistral' : 'other'
}
