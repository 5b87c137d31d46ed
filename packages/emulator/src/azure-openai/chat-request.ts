import { type JsonObject, ownValue } from '../json.js'
import type { ToolUse } from '../output/tool-use.js'
import { encode } from '../text/tokenizer.js'
import { type ApiVersion, hasFeature } from './api-version.js'
import type { AzureDeployment } from './azure-openai-server-state.js'
import { invalidRequest } from './azure-request-error.js'
import { BodyReader, unrecognized } from './body-reader.js'
import { type ChatMessage, chatTokens, readMessages, renderChat } from './chat-messages.js'
import { readTools } from './chat-tools.js'
import { readReasoning } from './reasoning-rules.js'
import { type OutputConstraint, readResponseFormat } from './response-format.js'
import { outputRoom, readSampling, type Sampling } from './sampling.js'

/** A chat request that has passed every check. */
export interface ChatRequest {
  readonly body: JsonObject
  readonly messages: readonly ChatMessage[]
  readonly prompt: string
  readonly promptTokens: number
  /** The limit in the request, for the estimate of what it will cost. */
  readonly limit: number | undefined
  /** Most tokens to generate per sample, unseen reasoning included. */
  readonly maxTokens: number
  /** Tokens a model that reasons spends before it answers. */
  readonly reasoningTokens: number
  readonly sampling: Sampling
  readonly tools: ToolUse
  readonly constraint: OutputConstraint | undefined
  /** How many alternatives per token to report; `undefined` for no log probabilities. */
  readonly topLogprobs: number | undefined
  /** Whether the request brings data of its own to answer from. */
  readonly hasDataSources: boolean
}

const knownFields: ReadonlySet<string> = new Set(
  'messages model audio data_sources frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata modalities n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user user_security_context verbosity'.split(
    ' ',
  ),
)

/** Reads a chat request, or throws what Azure answers instead. */
export function readChatRequest(body: JsonObject, deployment: AzureDeployment, version: ApiVersion): ChatRequest {
  const reader = new BodyReader(body)
  reader.forbidOthers(knownFields)
  checkVersion(body, version)
  const messages = readMessages(reader)
  const { limit, reasoningTokens } = readReasoning(reader, deployment, version)
  const sampling = readSampling(reader, version)
  const topLogprobs = readLogprobs(reader)
  const tools = readTools(reader)
  const constraint = readResponseFormat(reader, messages, version)
  const prompt = renderChat(messages)
  const promptTokens = chatTokens(messages) + toolTokens(tools)
  const maxTokens = outputRoom(promptTokens, limit, 'messages', deployment)
  return {
    body,
    messages,
    prompt,
    promptTokens,
    limit,
    maxTokens,
    reasoningTokens: Math.min(reasoningTokens, maxTokens),
    sampling,
    tools,
    constraint,
    topLogprobs,
    hasDataSources: (reader.array('data_sources') ?? []).length > 0,
  }
}

function toolTokens({ tools }: ToolUse): number {
  return tools.length === 0 ? 0 : encode(JSON.stringify(tools), false).length
}

/** Fields that an older API version does not know. */
function checkVersion(body: JsonObject, version: ApiVersion): void {
  const given = (keys: readonly string[]) => keys.filter((key) => (ownValue(body, key) ?? null) !== null)
  const tools = hasFeature(version, 'tools') ? [] : given(['tools', 'tool_choice'])
  const format = hasFeature(version, 'responseFormat') ? [] : given(['response_format'])
  const unknown = [...tools, ...format]
  if (unknown.length > 0) throw unrecognized(unknown)
}

function readLogprobs(reader: BodyReader): number | undefined {
  const wanted = reader.boolean('logprobs') ?? false
  const top = reader.integer('top_logprobs', 0, 20)
  if (top !== undefined && !wanted) {
    throw invalidRequest("The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", 'top_logprobs')
  }
  return wanted ? (top ?? 0) : undefined
}
