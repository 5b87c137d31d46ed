import type { FinishReason, UnifiedFinishReason } from '../finish-reason.js'

/** The words of Converse, and of the bodies of Anthropic and Mistral. */
const unifiedReasons: ReadonlyMap<string, UnifiedFinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['stop', 'stop'],
  ['max_tokens', 'length'],
  ['length', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['tool_calls', 'tool-calls'],
  ['guardrail_intervened', 'content-filter'],
  ['content_filtered', 'content-filter'],
  ['refusal', 'content-filter'],
  ['malformed_model_output', 'error'],
  ['malformed_tool_use', 'error'],
])

/** Maps a stop reason. `tool_use` is `stop` where the only tool that was called is the one the answer is given with. */
export function readBedrockFinishReason(raw: string, hasToolCalls: boolean): FinishReason {
  const unified = unifiedReasons.get(raw) ?? 'other'
  return { unified: unified === 'tool-calls' && !hasToolCalls ? 'stop' : unified, raw }
}
