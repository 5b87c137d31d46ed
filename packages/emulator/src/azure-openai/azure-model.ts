/** What the emulator knows about an OpenAI model on Azure. */
export interface AzureModel {
  /** The version in use, as `gpt-4o-2024-08-06` names it; empty for models without one. */
  readonly version: string
  /** Longest prompt and output together, in tokens. */
  readonly contextWindow: number
  /** Most tokens one answer may have. */
  readonly maxOutputTokens: number
  /** Which operation works. */
  readonly operation: 'chat' | 'completions'
  /** Whether it reasons unseen before it answers, and refuses sampling parameters and `max_tokens`. */
  readonly reasons: boolean
}

interface KnownModel {
  readonly name: RegExp
  readonly version: string
  readonly contextWindow: number
  readonly maxOutputTokens: number
}

/** Versions and limits of Azure's model pages; the first pattern that fits wins. */
const knownModels: readonly KnownModel[] = [
  { name: /^gpt-4o-mini/, version: '2024-07-18', contextWindow: 128_000, maxOutputTokens: 16_384 },
  { name: /^gpt-4o/, version: '2024-08-06', contextWindow: 128_000, maxOutputTokens: 16_384 },
  { name: /^gpt-4\.1/, version: '2025-04-14', contextWindow: 1_047_576, maxOutputTokens: 32_768 },
  { name: /^gpt-4-turbo/, version: '2024-04-09', contextWindow: 128_000, maxOutputTokens: 4_096 },
  { name: /^gpt-4-32k/, version: '0613', contextWindow: 32_768, maxOutputTokens: 32_768 },
  { name: /^gpt-4/, version: '0613', contextWindow: 8_192, maxOutputTokens: 8_192 },
  { name: /^gpt-3\.?5-turbo-instruct/, version: '0914', contextWindow: 4_097, maxOutputTokens: 4_097 },
  { name: /^gpt-3\.?5-turbo/, version: '0125', contextWindow: 16_385, maxOutputTokens: 4_096 },
  { name: /^gpt-5\.1/, version: '2025-11-13', contextWindow: 400_000, maxOutputTokens: 128_000 },
  { name: /^gpt-5/, version: '2025-08-07', contextWindow: 400_000, maxOutputTokens: 128_000 },
  { name: /^o1/, version: '2024-12-17', contextWindow: 200_000, maxOutputTokens: 100_000 },
  { name: /^o3-mini/, version: '2025-01-31', contextWindow: 200_000, maxOutputTokens: 100_000 },
  { name: /^o\d/, version: '2025-04-16', contextWindow: 200_000, maxOutputTokens: 100_000 },
  { name: /^gpt-oss/, version: '', contextWindow: 131_072, maxOutputTokens: 131_072 },
]

const unknownModel = { version: '', contextWindow: 128_000, maxOutputTokens: 16_384 }
const completionsOnly = /instruct|^text-|^davinci|^babbage/
const reasoning = /^o\d|^gpt-5(?!.*-chat)/

/** The catalog's models on Azure OpenAI. */
export const catalogModels = [
  'gpt-4-turbo',
  'gpt-4o',
  'gpt-4o-mini',
  'gpt-5',
  'gpt-5-mini',
  'gpt-5-codex',
  'gpt-5.1',
  'gpt-5.2',
  'gpt-oss-20b',
  'gpt-oss-120b',
] as const

/** What is known about a model, by its name; a chat model of today for a name that nobody knows. */
export function azureModel(name: string): AzureModel {
  const { version, contextWindow, maxOutputTokens } = knownModels.find((model) => model.name.test(name)) ?? unknownModel
  return {
    version,
    contextWindow,
    maxOutputTokens,
    operation: completionsOnly.test(name) ? 'completions' : 'chat',
    reasons: reasoning.test(name),
  }
}
