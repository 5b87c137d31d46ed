import type { ModelAdapter } from './adapter.js'
import { ConfigurationError } from './errors/configuration-error.js'

const loaders = {
  vllm: async () => (await import('./vllm/index.js')).vllmAdapter,
  bedrock: async () => (await import('./bedrock/index.js')).bedrockAdapter,
  'azure-openai': async () => (await import('./azure-openai/index.js')).azureOpenAIAdapter,
} satisfies Record<string, () => Promise<ModelAdapter>>

/** The platforms {@link loadAdapter} knows. */
export const adapterPlatforms: readonly string[] = Object.keys(loaders)

/**
 * Loads the adapter of a platform; a platform that is never used is never loaded.
 * @throws ConfigurationError for a platform that does not come with this package.
 */
export async function loadAdapter(platform: string): Promise<ModelAdapter> {
  const load = Object.hasOwn(loaders, platform) ? loaders[platform as keyof typeof loaders] : undefined
  if (load) return load()
  const known = adapterPlatforms.map((name) => `'${name}'`).join(', ')
  throw new ConfigurationError({
    message: `No adapter for the platform '${platform}' comes with this package; it has ${known}. Pass your own in the option 'adapters'.`,
    platform,
  })
}
