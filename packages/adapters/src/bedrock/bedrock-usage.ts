import type { JsonObject } from '../openai-format/json.js'
import type { WritableUsage } from '../openai-format/usage.js'
import type { HttpHeaders } from '../transport/http-exchange.js'
import { headerValue } from '../transport/http-exchange.js'
import type { Usage } from '../usage.js'

/** What one kind of report calls the four counts. */
interface CountNames {
  /** Tokens of the prompt that were neither read from the cache nor written to it. */
  readonly input: string
  readonly output: string
  readonly cacheRead: string
  readonly cacheWrite: string
}

const converseNames: CountNames = {
  input: 'inputTokens',
  output: 'outputTokens',
  cacheRead: 'cacheReadInputTokens',
  cacheWrite: 'cacheWriteInputTokens',
}
const anthropicNames: CountNames = {
  input: 'input_tokens',
  output: 'output_tokens',
  cacheRead: 'cache_read_input_tokens',
  cacheWrite: 'cache_creation_input_tokens',
}
const metricNames: CountNames = {
  input: 'inputTokenCount',
  output: 'outputTokenCount',
  cacheRead: 'cacheReadInputTokenCount',
  cacheWrite: 'cacheWriteInputTokenCount',
}

/** Counts as they came: the input without the cached part. */
export interface RawCounts {
  readonly input?: number
  readonly output?: number
  readonly cacheRead?: number
  readonly cacheWrite?: number
}

/** Reads `usage` of Converse. */
export function readConverseCounts(usage: JsonObject): RawCounts {
  return readCounts(usage, converseNames)
}

/** Reads `usage` of Anthropic's body. */
export function readAnthropicCounts(usage: JsonObject): RawCounts {
  return readCounts(usage, anthropicNames)
}

/** Reads `amazon-bedrock-invocationMetrics`, the last member of an InvokeModel stream. */
export function readMetricCounts(metrics: JsonObject): RawCounts {
  return readCounts(metrics, metricNames)
}

/** Reads the headers of an InvokeModel answer; for Mistral's models there is no other place. */
export function readHeaderCounts(headers: HttpHeaders): RawCounts {
  const input = headerValue(headers, 'x-amzn-bedrock-input-token-count')
  const output = headerValue(headers, 'x-amzn-bedrock-output-token-count')
  const numbers = { input: digits(input), output: digits(output) }
  return readCounts(numbers, { ...metricNames, input: 'input', output: 'output' })
}

/**
 * The counts in one meaning for every platform: Bedrock's input leaves out what was read from the cache or written to
 * it, and the unified one includes both.
 */
export function unifyCounts({ input, output, cacheRead, cacheWrite }: RawCounts): Usage {
  const usage: WritableUsage = {}
  const inputTokens = input === undefined ? undefined : input + (cacheRead ?? 0) + (cacheWrite ?? 0)
  if (inputTokens !== undefined) usage.inputTokens = inputTokens
  if (output !== undefined) usage.outputTokens = output
  if (inputTokens !== undefined && output !== undefined) usage.totalTokens = inputTokens + output
  if (cacheRead !== undefined) usage.cacheReadTokens = cacheRead
  if (cacheWrite !== undefined) usage.cacheWriteTokens = cacheWrite
  return usage
}

function readCounts(report: JsonObject, names: CountNames): RawCounts {
  const counts: { -readonly [Name in keyof RawCounts]: RawCounts[Name] } = {}
  for (const name of ['input', 'output', 'cacheRead', 'cacheWrite'] as const) {
    const value = report[names[name]]
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) counts[name] = value
  }
  return counts
}

function digits(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined
}
