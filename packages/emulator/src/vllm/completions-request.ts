import type { JsonObject, JsonValue } from '../json.js'
import { decode, encode } from '../text/tokenizer.js'
import { BodyReader } from './body-reader.js'
import { outputRoom } from './context-length.js'
import { type OutputConstraint, readConstraint } from './output-constraint.js'
import { knownFields } from './request-fields.js'
import { readModel, requireServedModel } from './request-model.js'
import { readSampling, type Sampling } from './sampling.js'
import { badRequest } from './vllm-request-error.js'
import type { VllmServerState } from './vllm-server-state.js'

/** One prompt of a completions request. */
export interface Prompt {
  readonly text: string
  readonly tokens: number
  readonly tokenIds: readonly number[]
  /** Most tokens to generate for each sample. */
  readonly maxTokens: number
}

/** A completions request that has passed every check. */
export interface CompletionsRequest {
  readonly body: JsonObject
  readonly model: string
  readonly prompts: readonly Prompt[]
  readonly sampling: Sampling
  readonly echo: boolean
  readonly constraint: OutputConstraint | undefined
  /** How many alternatives per token to report; `undefined` for no log probabilities. */
  readonly topLogprobs: number | undefined
}

const defaultMaxTokens = 16

/** Reads a completions request, or throws what vLLM answers instead. */
export function readCompletionsRequest(body: JsonObject, state: VllmServerState): CompletionsRequest {
  const reader = new BodyReader(body)
  if (state.behaviour.forbidsUnknownFields) reader.forbidOthers(knownFields.completions)
  const model = readModel(reader, state)
  const echo = reader.boolean('echo') ?? false
  const limit = reader.integer('max_tokens') ?? defaultMaxTokens
  const sampling = readSampling(reader, limit)
  checkLimits(reader, { limit, echo, sampling, state })
  const promptTokens = readPrompts(reader, reader.boolean('add_special_tokens') ?? true)
  const topLogprobs = reader.integer('logprobs')
  const constraint = readConstraint(reader, 'completions', state.behaviour)
  const hasSuffix = reader.string('suffix') !== undefined
  reader.finish(state.behaviour)
  if (hasSuffix) throw badRequest('suffix is not currently supported')
  requireServedModel(model, state)
  if (promptTokens.length > state.behaviour.maxPrompts) {
    throw badRequest(
      `The request has ${promptTokens.length} prompts; at most ${state.behaviour.maxPrompts} are allowed.`,
      'prompt',
    )
  }
  const prompts = promptTokens.map(({ text, tokenIds }) => ({
    text,
    tokens: tokenIds.length,
    tokenIds,
    maxTokens: outputRoom(tokenIds.length, limit, 'prompt', state),
  }))
  return { body, model, prompts, sampling, echo, constraint, topLogprobs }
}

interface LimitContext {
  readonly limit: number
  readonly echo: boolean
  readonly sampling: Sampling
  readonly state: VllmServerState
}

function checkLimits(reader: BodyReader, { limit, echo, sampling, state }: LimitContext): void {
  if (limit < 0 || (limit === 0 && !echo)) reader.complainValue(`max_tokens must be at least 1, got ${limit}.`)
  const bestOf = state.behaviour.hasBestOf ? (reader.integer('best_of') ?? sampling.n) : sampling.n
  if (bestOf < sampling.n)
    reader.complainValue(`best_of must be greater than or equal to n, got n=${sampling.n} and best_of=${bestOf}.`)
}

interface PromptText {
  readonly text: string
  readonly tokenIds: readonly number[]
}

/** A string, several strings, token ids, or several lists of token ids. */
function readPrompts(reader: BodyReader, addSpecialTokens: boolean): readonly PromptText[] {
  reader.require('prompt')
  const prompt = reader.value('prompt')
  const items = isTokenList(prompt) || !Array.isArray(prompt) ? [prompt] : (prompt as readonly JsonValue[])
  const prompts = items.map((item) => promptText(item, addSpecialTokens))
  if (prompts.length > 0 && prompts.every((item) => item !== undefined)) return prompts
  const message =
    'Input should be a valid string, a list of strings, a list of token ids or a list of lists of token ids'
  reader.complain('string_type', ['prompt'], message, prompt)
  return []
}

function promptText(item: JsonValue | undefined, addSpecialTokens: boolean): PromptText | undefined {
  if (typeof item === 'string') return { text: item, tokenIds: encode(item, addSpecialTokens) }
  return isTokenList(item) ? { text: decode(item), tokenIds: item } : undefined
}

/** Whether a value is a list of one token id or more. */
export function isTokenList(value: JsonValue | undefined): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => Number.isSafeInteger(item) && item >= 0)
}
