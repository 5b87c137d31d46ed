import type { JsonObject, JsonValue } from '../json.js'
import { decode, encode } from '../text/tokenizer.js'
import type { ApiVersion } from './api-version.js'
import type { AzureDeployment } from './azure-openai-server-state.js'
import { BodyReader, wrongType } from './body-reader.js'
import { outputRoom, readSampling, type Sampling } from './sampling.js'

/** One prompt of a completions request. */
export interface Prompt {
  readonly text: string
  readonly tokens: number
  /** Most tokens to generate for each sample. */
  readonly maxTokens: number
}

/** A completions request that has passed every check. */
export interface CompletionsRequest {
  readonly body: JsonObject
  readonly prompts: readonly Prompt[]
  readonly promptTokens: number
  /** What comes after the place where text is wanted. */
  readonly suffix: string | undefined
  readonly limit: number
  readonly echo: boolean
  readonly sampling: Sampling
  /** How many alternatives per token to report; `undefined` for no log probabilities. */
  readonly topLogprobs: number | undefined
}

const knownFields: ReadonlySet<string> = new Set(
  'model prompt best_of echo frequency_penalty logit_bias logprobs max_tokens n presence_penalty seed stop stream stream_options suffix temperature top_p user'.split(
    ' ',
  ),
)
const defaultMaxTokens = 16
const maxPrompts = 2_048

/** Reads a completions request, or throws what Azure answers instead. */
export function readCompletionsRequest(
  body: JsonObject,
  deployment: AzureDeployment,
  version: ApiVersion,
): CompletionsRequest {
  const reader = new BodyReader(body)
  reader.forbidOthers(knownFields)
  const limit = reader.integer('max_tokens', 0) ?? defaultMaxTokens
  const sampling = readSampling(reader, version)
  reader.integer('best_of', sampling.n, 20)
  const prompts = readPrompts(reader).map(({ text, tokens }) => ({
    text,
    tokens,
    maxTokens: outputRoom(tokens, limit, 'prompt', deployment),
  }))
  return {
    body,
    prompts,
    promptTokens: prompts.reduce((sum, { tokens }) => sum + tokens, 0),
    suffix: reader.string('suffix'),
    limit,
    echo: reader.boolean('echo') ?? false,
    sampling,
    topLogprobs: reader.integer('logprobs', 0, 5),
  }
}

interface PromptText {
  readonly text: string
  readonly tokens: number
}

/** A string, several strings, token ids, or several lists of token ids. */
function readPrompts(reader: BodyReader): readonly PromptText[] {
  const prompt = reader.require('prompt')
  const items = isTokenList(prompt) || !Array.isArray(prompt) ? [prompt] : (prompt as readonly JsonValue[])
  const prompts = items.map(promptText)
  const isRight = prompts.length > 0 && prompts.length <= maxPrompts
  if (isRight && prompts.every((item) => item !== undefined)) return prompts
  throw wrongType('prompt', 'one of a string, array of strings, array of integers, or array of integer arrays', prompt)
}

function promptText(item: JsonValue): PromptText | undefined {
  if (typeof item === 'string') return { text: item, tokens: encode(item, false).length }
  return isTokenList(item) ? { text: decode(item), tokens: item.length } : undefined
}

function isTokenList(value: JsonValue): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => Number.isSafeInteger(item) && item >= 0)
}
