import { scratchOf } from './checks/deployment-scratch.js'
import type { DeploymentContext } from './rule.js'

/** A GitLab model identifier, split as the AI gateway splits it: at the first slash, case-sensitive. */
export interface GitLabIdentifier {
  /** As written. */
  readonly text: string
  /** The LiteLLM provider that is written; absent without a slash. */
  readonly provider?: string | undefined
  /** What stands after the first slash; the whole identifier without one. */
  readonly rest: string
  /** The name that is meant for the server, whatever is wrong with what stands in front of it. */
  readonly modelName: string
}

/** The provider that GitLab documents for each platform. */
export const providerOfPlatform: Readonly<Record<string, string>> = {
  vllm: 'custom_openai',
  bedrock: 'bedrock',
  'azure-openai': 'azure',
}

/** Providers that GitLab's pages or the AI gateway name, and further ones of LiteLLM. */
export const knownProviders: ReadonlySet<string> = new Set([
  ...['custom_openai', 'bedrock', 'azure', 'vertex_ai', 'anthropic', 'openai', 'bedrock_mantle'],
  ...['azure_ai', 'cohere', 'databricks', 'deepseek', 'fireworks_ai', 'gemini', 'groq', 'hosted_vllm', 'huggingface'],
  ...['litellm_proxy', 'mistral', 'nvidia_nim', 'ollama', 'ollama_chat', 'openrouter', 'perplexity', 'replicate'],
  ...['sagemaker', 'sagemaker_chat', 'text-completion-openai', 'together_ai', 'vllm', 'watsonx', 'xai'],
])

/** The longest identifier that GitLab saves. */
export const longestIdentifier = 255

/** Splits an identifier. */
export function parseIdentifier(text: string): GitLabIdentifier {
  const slash = text.indexOf('/')
  if (slash === -1) return { text, rest: text, modelName: text }
  const provider = text.slice(0, slash)
  const rest = text.slice(slash + 1)
  const isProvider = knownProviders.has(provider) || knownProviders.has(provider.toLowerCase())
  return { text, provider, rest, modelName: isProvider ? rest : text }
}

/** The identifier of a deployment on a documented platform, when it is stated. */
export function identifierOf(context: DeploymentContext): GitLabIdentifier | undefined {
  const { settings, platform } = context
  if (settings.identifier === undefined || platform === undefined) return undefined
  if (!Object.hasOwn(providerOfPlatform, platform)) return undefined
  const scratch = scratchOf(context)
  scratch.identifier ??= parseIdentifier(settings.identifier)
  return scratch.identifier
}

/** The identifier under which GitLab reaches a name on a platform. */
export function identifierFor(platform: string, modelName: string): string {
  const name = platform === 'bedrock' && modelName.startsWith('arn:') ? `converse/${modelName}` : modelName
  return `${providerOfPlatform[platform]}/${name}`
}
