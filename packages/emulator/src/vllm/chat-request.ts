import type { JsonObject } from '../json.js'
import type { ToolUse } from '../output/tool-use.js'
import { encode } from '../text/tokenizer.js'
import { BodyReader } from './body-reader.js'
import { type ChatMessage, readMessages, renderChat } from './chat-message.js'
import { outputRoom } from './context-length.js'
import { type OutputConstraint, readConstraint } from './output-constraint.js'
import { knownFields } from './request-fields.js'
import { readModel, requireServedModel } from './request-model.js'
import { readSampling, type Sampling } from './sampling.js'
import { readTools } from './tools.js'
import type { VllmServerState } from './vllm-server-state.js'

/** A chat request that has passed every check. */
export interface ChatRequest {
  readonly body: JsonObject
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly prompt: string
  readonly promptTokens: number
  /** The tokens themselves. */
  readonly promptTokenIds: readonly number[]
  /** Most tokens to generate per sample. */
  readonly maxTokens: number
  readonly sampling: Sampling
  readonly tools: ToolUse
  readonly constraint: OutputConstraint | undefined
  /** How many alternatives per token to report; `undefined` for no log probabilities. */
  readonly topLogprobs: number | undefined
}

/** Reads a chat request, or throws what vLLM answers instead. */
export function readChatRequest(body: JsonObject, state: VllmServerState): ChatRequest {
  const reader = new BodyReader(body)
  if (state.behaviour.forbidsUnknownFields) reader.forbidOthers(knownFields.chat)
  const messages = readMessages(reader)
  const model = readModel(reader, state)
  const limit = reader.integer('max_completion_tokens') ?? reader.integer('max_tokens')
  const sampling = readSampling(reader, limit)
  if (limit !== undefined && limit < 1) reader.complainValue(`max_tokens must be at least 1, got ${limit}.`)
  if (reader.boolean('add_generation_prompt') === true && reader.boolean('continue_final_message') === true) {
    reader.complainValue('Cannot set both `continue_final_message` and `add_generation_prompt` to True.')
  }
  const topLogprobs = readLogprobs(reader)
  const constraint = readConstraint(reader, 'chat', state.behaviour)
  const tools = readTools(reader, state)
  reader.finish(state.behaviour)
  requireServedModel(model, state)
  const prompt = renderChat(messages)
  const promptTokenIds = encode(prompt, true)
  const promptTokens = promptTokenIds.length
  const maxTokens = outputRoom(promptTokens, limit, 'messages', state)
  return {
    body,
    model,
    messages,
    prompt,
    promptTokens,
    promptTokenIds,
    maxTokens,
    sampling,
    tools,
    constraint,
    topLogprobs,
  }
}

function readLogprobs(reader: BodyReader): number | undefined {
  const wanted = reader.boolean('logprobs') ?? false
  const top = reader.integer('top_logprobs')
  if (top !== undefined && top > 0 && !wanted) {
    reader.complainValue('when using `top_logprobs`, `logprobs` must be set to true.')
  }
  return wanted ? Math.max(0, top ?? 0) : undefined
}
