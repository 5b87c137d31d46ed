import type { FinishReason, UnifiedFinishReason } from '../finish-reason.js'

const unifiedReasons: ReadonlyMap<string, UnifiedFinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
  ['error', 'error'],
])

/**
 * Maps `finish_reason`. vLLM says `stop` where a tool was forced and called; for the caller that is `tool-calls`.
 */
export function readFinishReason(raw: string, hasToolCalls: boolean): FinishReason {
  const unified = unifiedReasons.get(raw) ?? 'other'
  return { unified: unified === 'stop' && hasToolCalls ? 'tool-calls' : unified, raw }
}
