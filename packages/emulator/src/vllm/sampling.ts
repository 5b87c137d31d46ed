import type { JsonObject } from '../json.js'
import type { BodyReader } from './body-reader.js'

/** The request fields that shape the output, after defaults. */
export interface Sampling {
  /** Samples per prompt. */
  readonly n: number
  /** The limit in the request; `undefined` means the rest of the context (chat) or 16 (completions). */
  readonly maxTokens: number | undefined
  readonly minTokens: number
  readonly ignoreEos: boolean
  readonly stop: readonly string[]
  readonly stopTokenIds: readonly number[]
  readonly includeStop: boolean
  readonly seed: number
  readonly stream: boolean
  readonly includeUsage: boolean
  readonly continuousUsage: boolean
  /** Lower values go first, where the server schedules by priority. */
  readonly priority: number
}

/** Most samples per prompt: a bound on what one request can make the emulator hold in memory. */
const maxSamples = 1024

/** Reads the fields both endpoints share, with vLLM's rules about them. `maxTokens` is the effective limit. */
export function readSampling(reader: BodyReader, maxTokens: number | undefined): Sampling {
  const stream = reader.boolean('stream') ?? false
  const options = reader.object('stream_options')
  if (options !== undefined && !stream) reader.complainValue('Stream options can only be defined when `stream=True`.')
  const n = reader.integer('n') ?? 1
  if (n > maxSamples) reader.complainValue(`n must be at most ${maxSamples}, got ${n}.`)
  if (n < 1) reader.complainValue(`n must be at least 1, got ${n}.`)
  const minTokens = reader.integer('min_tokens') ?? 0
  checkNumbers(reader, maxTokens, minTokens)
  return {
    n,
    maxTokens,
    minTokens,
    ignoreEos: reader.boolean('ignore_eos') ?? false,
    stop: reader.strings('stop').filter((text) => text !== ''),
    stopTokenIds: (reader.array('stop_token_ids') ?? []).filter((id) => typeof id === 'number'),
    includeStop: reader.boolean('include_stop_str_in_output') ?? false,
    seed: reader.integer('seed') ?? 0,
    stream,
    includeUsage: isTrue(options, 'include_usage'),
    continuousUsage: isTrue(options, 'include_usage') && isTrue(options, 'continuous_usage_stats'),
    priority: reader.integer('priority') ?? 0,
  }
}

function isTrue(options: JsonObject | undefined, key: string): boolean {
  return options?.[key] === true
}

function checkNumbers(reader: BodyReader, maxTokens: number | undefined, minTokens: number): void {
  if (minTokens < 0) reader.complainValue(`min_tokens must be greater than or equal to 0, got ${minTokens}.`)
  if (maxTokens !== undefined && minTokens > maxTokens) {
    reader.complainValue(`min_tokens must be less than or equal to max_tokens=${maxTokens}, got ${minTokens}.`)
  }
  checkRange(reader, 'temperature', (value) => value >= 0, 'temperature must be non-negative, got')
  checkRange(reader, 'top_p', (value) => value > 0 && value <= 1, 'top_p must be in (0, 1], got')
  checkRange(reader, 'min_p', (value) => value >= 0 && value <= 1, 'min_p must be in [0, 1], got')
  checkRange(reader, 'top_k', (value) => value >= -1, 'top_k must be -1 (disable), or at least 1, got')
  checkRange(reader, 'repetition_penalty', (value) => value > 0, 'repetition_penalty must be greater than zero, got')
  const isPenalty = (value: number) => value >= -2 && value <= 2
  checkRange(reader, 'presence_penalty', isPenalty, 'presence_penalty must be in [-2, 2], got')
  checkRange(reader, 'frequency_penalty', isPenalty, 'frequency_penalty must be in [-2, 2], got')
}

function checkRange(reader: BodyReader, key: string, holds: (value: number) => boolean, complaint: string): void {
  const value = reader.number(key)
  if (value !== undefined && !holds(value)) reader.complainValue(`${complaint} ${value}.`)
}
