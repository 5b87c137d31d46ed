import { chatLogprobs } from '../output/logprobs.js'
import { type OutputPlan, textOf } from '../output/output-plan.js'
import type { ChatRequest } from './chat-request.js'
import type { ResponseFrame } from './response-frame.js'
import { usage } from './usage.js'
import type { VllmServerState } from './vllm-server-state.js'

/** The body of a chat response that is not streamed. */
export function chatResponse(
  frame: ResponseFrame,
  request: ChatRequest,
  plans: readonly OutputPlan[],
  state: VllmServerState,
): object {
  const { spellsOutMessage } = state.behaviour
  const completionTokens = plans.reduce((sum, { pieces }) => sum + pieces.length, 0)
  return {
    id: frame.id,
    object: 'chat.completion',
    created: frame.created,
    model: frame.model,
    choices: plans.map((plan, index) => ({
      index,
      message: message(plan, state),
      logprobs: request.topLogprobs === undefined ? null : chatLogprobs(plan.pieces, request.topLogprobs),
      finish_reason: plan.finishReason,
      stop_reason: plan.stopReason,
    })),
    ...(spellsOutMessage ? { service_tier: null, system_fingerprint: null } : {}),
    usage: { ...usage(request.promptTokens, completionTokens), prompt_tokens_details: null },
    prompt_logprobs: null,
    ...(spellsOutMessage ? { kv_transfer_params: null } : {}),
  }
}

function message({ pieces }: OutputPlan, { behaviour, ids }: VllmServerState): object {
  const text = textOf(pieces, 'content')
  const names = pieces.filter(({ kind }) => kind === 'tool-name')
  const calls = names.map(({ text: name, toolIndex }) => {
    const mine = pieces.filter((piece) => piece.toolIndex === toolIndex)
    return {
      id: toolCallId(ids.hex(32)),
      type: 'function',
      function: { name, arguments: textOf(mine, 'tool-arguments') },
    }
  })
  const reasoning = textOf(pieces, 'reasoning')
  return {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || reasoning !== '') ? null : text,
    ...(behaviour.spellsOutMessage ? { refusal: null, annotations: null, audio: null, function_call: null } : {}),
    tool_calls: calls,
    ...(behaviour.reasoningKey === undefined ? {} : { [behaviour.reasoningKey]: reasoning === '' ? null : reasoning }),
  }
}

/** The id of a tool call, as vLLM forms it. */
export function toolCallId(digits: string): string {
  return `chatcmpl-tool-${digits}`
}
