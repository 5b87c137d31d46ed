import { type JsonObject, ownValue } from '../json.js'
import { type ApiVersion, hasFeature } from './api-version.js'
import type { AzureDeployment } from './azure-openai-server-state.js'
import { invalidRequest } from './azure-request-error.js'
import { type BodyReader, unrecognized } from './body-reader.js'

/** The request fields that shape the output, after defaults. */
export interface Sampling {
  /** Samples per prompt. */
  readonly n: number
  readonly stop: readonly string[]
  readonly seed: number
  readonly stream: boolean
  readonly includeUsage: boolean
  /** Whether chunks get a member of random length, so that the length of a chunk tells nothing of its text. */
  readonly obfuscates: boolean
}

const maxSamples = 128

/** Reads the fields chat and completions share, with the rules of the API version about them. */
export function readSampling(reader: BodyReader, version: ApiVersion): Sampling {
  const stream = reader.boolean('stream') ?? false
  const options = reader.object('stream_options')
  if (options !== undefined && !hasFeature(version, 'streamOptions')) throw unrecognized(['stream_options'])
  if (options !== undefined && !stream) {
    throw invalidRequest("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options')
  }
  reader.number('temperature', 0, 2)
  reader.number('top_p', 0, 1)
  reader.number('presence_penalty', -2, 2)
  reader.number('frequency_penalty', -2, 2)
  return {
    n: reader.integer('n', 1, maxSamples) ?? 1,
    stop: reader.stops(),
    seed: reader.integer('seed', Number.MIN_SAFE_INTEGER) ?? 0,
    stream,
    includeUsage: flag(options, 'include_usage') ?? false,
    obfuscates: hasFeature(version, 'obfuscation') && (flag(options, 'include_obfuscation') ?? true),
  }
}

function flag(options: JsonObject | undefined, key: string): boolean | undefined {
  const value = options && ownValue(options, key)
  return typeof value === 'boolean' ? value : undefined
}

/** Checks a limit of the output against model and context. Returns how many tokens may be generated. */
export function outputRoom(
  promptTokens: number,
  limit: number | undefined,
  param: 'messages' | 'prompt',
  { contextWindow, maxOutputTokens }: AzureDeployment,
): number {
  if (limit !== undefined && limit > maxOutputTokens && param === 'messages') {
    throw invalidRequest(
      `max_tokens is too large: ${limit}. This model supports at most ${maxOutputTokens} completion tokens, whereas you provided ${limit}.`,
      'max_tokens',
      'invalid_value',
    )
  }
  const room = contextWindow - promptTokens
  if (room >= (limit ?? 1)) return Math.min(limit ?? maxOutputTokens, room)
  const wanted =
    limit === undefined || room < 1
      ? `your ${param} resulted in ${promptTokens} tokens. Please reduce the length of the ${param}.`
      : `you requested ${promptTokens + limit} tokens (${promptTokens} in the ${param}, ${limit} in the completion). Please reduce the length of the ${param} or completion.`
  throw invalidRequest(
    `This model's maximum context length is ${contextWindow} tokens. However, ${wanted}`,
    param,
    'context_length_exceeded',
  )
}
