import type { Usage } from '../usage.js'
import { isJsonObject, type JsonObject } from './json.js'

/** A usage that is being put together. */
export type WritableUsage = { -readonly [Name in keyof Usage]: Usage[Name] }

/**
 * Reads the `usage` member of an OpenAI-style answer. A count that is no whole number of at least 0 is left out.
 * Members are set one by one, because a stream may bring usage with every read.
 */
export function readUsage(raw: unknown): Usage {
  const usage: WritableUsage = {}
  if (!isJsonObject(raw)) return usage
  const inputTokens = count(raw, 'prompt_tokens')
  const outputTokens = count(raw, 'completion_tokens')
  const totalTokens = count(raw, 'total_tokens') ?? sum(inputTokens, outputTokens)
  const cacheReadTokens = detail(raw, 'prompt_tokens_details', 'cached_tokens')
  const reasoningTokens = detail(raw, 'completion_tokens_details', 'reasoning_tokens')
  if (inputTokens !== undefined) usage.inputTokens = inputTokens
  if (outputTokens !== undefined) usage.outputTokens = outputTokens
  if (totalTokens !== undefined) usage.totalTokens = totalTokens
  if (cacheReadTokens !== undefined) usage.cacheReadTokens = cacheReadTokens
  if (reasoningTokens !== undefined) usage.reasoningTokens = reasoningTokens
  return usage
}

/** Whether the server gave any count. */
export function hasCounts(usage: Usage): boolean {
  for (const _name in usage) return true
  return false
}

/**
 * The usage of an answer that is not complete: as the server counted it, or else estimated by the pieces that came,
 * because servers send one token per piece most of the time.
 */
export function usageSoFar(usage: Usage, deltas: number): Usage {
  return hasCounts(usage) || deltas === 0 ? usage : { outputTokens: deltas, estimated: true }
}

function count(raw: JsonObject, name: string): number | undefined {
  const value = raw[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

function detail(raw: JsonObject, group: string, name: string): number | undefined {
  const details = raw[group]
  return isJsonObject(details) ? count(details, name) : undefined
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b
}
