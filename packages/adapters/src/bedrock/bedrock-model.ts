/** Whose words a model's native body (InvokeModel) is written in; `undefined` for models that are only conversed with. */
type NativeFormat = 'anthropic' | 'mistral'

/** How a model on Bedrock can be made to answer in JSON. */
type JsonMeans = 'output-config' | 'forced-tool' | 'prompt'

/** What a model on Bedrock takes, as far as requests depend on it. */
export interface BedrockModel {
  readonly nativeFormat: NativeFormat | undefined
  /** Whether a request may have a system prompt. */
  readonly takesSystemMessages: boolean
  /** Whether a request may have tools. */
  readonly takesTools: boolean
  readonly jsonMeans: JsonMeans
}

const mistralInstruct = /mistral-7b|mixtral-8x7b/i
const claude = /claude/i
/**
 * Structured outputs came with Claude 4.5.
 * Source: "Get validated JSON results from models", Amazon Bedrock user guide.
 */
const claudeWithOutputConfig = /claude-(?:[a-z]+-)?(?:4[-.](?:[5-9]|\d{2})(?!\d)|(?:[5-9]|\d{2})(?!\d))/i

/**
 * Finds out what a model takes, by its id on Bedrock, or by its id in the catalog where that is an ARN of one's own.
 *
 * Mistral 7B and Mixtral 8x7B take neither a system prompt nor tools on Converse. Source: instructor issue 1753 and
 * "Supported models and model features", Amazon Bedrock user guide.
 */
export function describeBedrockModel(modelId: string, model: string): BedrockModel {
  const names = `${modelId} ${model}`
  if (mistralInstruct.test(names))
    return { nativeFormat: 'mistral', takesSystemMessages: false, takesTools: false, jsonMeans: 'prompt' }
  const common = { takesSystemMessages: true, takesTools: true } as const
  if (!claude.test(names)) return { ...common, nativeFormat: undefined, jsonMeans: 'prompt' }
  // "claude-4.5-sonnet" in the catalog, "claude-sonnet-4-5-20250929-v1:0" on Bedrock.
  const jsonMeans = claudeWithOutputConfig.test(names) ? 'output-config' : 'forced-tool'
  return { ...common, nativeFormat: 'anthropic', jsonMeans }
}
