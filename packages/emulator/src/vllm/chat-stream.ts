import type { Exchange } from '../http/exchange.js'
import { chatLogprobs } from '../output/logprobs.js'
import type { OutputPiece, OutputPlan } from '../output/output-plan.js'
import type { ReadyPiece } from '../output/run-plans.js'
import type { ChatRequest } from './chat-request.js'
import { toolCallId } from './chat-response.js'
import { endEventStream, startEventStream, writeData } from './event-stream.js'
import { chatWork, generate } from './generate.js'
import { loadHeaders } from './load-headers.js'
import type { ResponseFrame } from './response-frame.js'
import { usage, type VllmUsage } from './usage.js'
import type { VllmServerState } from './vllm-server-state.js'

/** Streams a chat response: role chunks, content, one finish chunk per sample, usage if asked for, `[DONE]`. */
export async function streamChat(
  { reply, headers }: Exchange,
  frame: ResponseFrame,
  request: ChatRequest,
  plans: readonly OutputPlan[],
  state: VllmServerState,
): Promise<void> {
  const { promptTokens, sampling } = request
  await startEventStream(reply, loadHeaders(headers, state))
  const generated = plans.map(() => 0)
  const chunk = (choices: readonly object[], counts: VllmUsage | undefined) =>
    writeData(reply, {
      id: frame.id,
      object: 'chat.completion.chunk',
      created: frame.created,
      model: frame.model,
      choices,
      ...(counts && { usage: counts }),
    })
  // The running count of a chunk is that of its own sample.
  const running = (index: number) => (sampling.continuousUsage ? usage(promptTokens, generated[index] ?? 0) : undefined)
  let hasBegun = false
  for await (const ready of generate(plans, chatWork(request), state, reply.signal)) {
    // vLLM learns of the request's start with the first token, and announces all samples then.
    if (!hasBegun) for (const index of plans.keys()) await chunk([roleChoice(index)], running(index))
    hasBegun = true
    generated[ready.index] = ready.position + 1
    await chunk([choice(ready, plans, request, state)], running(ready.index))
  }
  const total = generated.reduce((sum, tokens) => sum + tokens, 0)
  if (sampling.includeUsage) await chunk([], usage(promptTokens, total))
  await endEventStream(reply)
}

function roleChoice(index: number): object {
  return { index, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }
}

function choice(ready: ReadyPiece, plans: readonly OutputPlan[], request: ChatRequest, state: VllmServerState): object {
  const { index, piece, isLast } = ready
  const logprobs = request.topLogprobs === undefined ? null : chatLogprobs([piece], request.topLogprobs)
  const base = { index, delta: delta(piece, state), logprobs }
  const plan = plans[index]
  if (!isLast || plan === undefined) return { ...base, finish_reason: null }
  return { ...base, finish_reason: plan.finishReason, stop_reason: plan.stopReason }
}

function delta({ kind, text, toolIndex }: OutputPiece, { behaviour, ids }: VllmServerState): object {
  if (kind === 'content') return { content: text }
  if (kind === 'reasoning') return { [behaviour.reasoningKey ?? 'content']: text }
  const isStart = kind === 'tool-name'
  const identity = isStart || behaviour.repeatsToolCallIds ? { id: toolCallId(ids.hex(32)), type: 'function' } : {}
  const part = isStart ? { name: text } : { arguments: text }
  return { tool_calls: [{ ...identity, index: toolIndex, function: part }] }
}
