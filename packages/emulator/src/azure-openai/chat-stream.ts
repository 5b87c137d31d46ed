import { chatLogprobs } from '../output/logprobs.js'
import type { OutputPiece } from '../output/output-plan.js'
import type { ReadyPiece } from '../output/run-plans.js'
import { AsynchronousAnnotations } from './asynchronous-annotations.js'
import type { AzureOpenAIServerState } from './azure-openai-server-state.js'
import { type ChatRun, chatUsage, noContext, toolCallId } from './chat-response.js'
import { writeChunk, writePromptFilter } from './chunk-writer.js'
import { filterResults, filterUnavailable } from './content-filter.js'
import { type DeploymentExchange, endEvents, generate, startEvents } from './deployment-exchange.js'

/**
 * Streams a chat response: annotations of the prompt, role chunks, content, a finish chunk per sample, usage if asked for,
 * `[DONE]`. With the asynchronous filter, annotations of the answer come between and after these.
 */
export async function streamChat(exchange: DeploymentExchange, run: ChatRun): Promise<void> {
  const { frame, request, samples, mode } = run
  const { state } = exchange
  const style = { object: 'chat.completion.chunk', ...request.sampling } as const
  const write = (choices: readonly object[], counts?: object) => writeChunk(exchange, frame, style, choices, counts)
  await startEvents(exchange)
  await writePromptFilter(exchange, 1)
  const annotations = mode === 'asynchronous' ? new AsynchronousAnnotations(state) : undefined
  const finish = async (index: number) => {
    const sample = samples[index]
    // The asynchronous filter stops an answer by an annotation, without a finish chunk.
    if (annotations === undefined || sample?.match === undefined) await write([finishChoice(index, run, state)])
    await annotations?.finish(index, sample?.match, exchange)
  }
  let begun = false
  for await (const ready of generate(exchange, samples, request.promptTokens)) {
    if (!begun) for (const index of samples.keys()) await write([roleChoice(index, run)])
    begun = true
    for (const choice of contentChoices(ready, run, state)) await write([choice])
    await annotations?.advance(ready, exchange)
    if (ready.isLast) await finish(ready.index)
  }
  // A filter that stops the first word leaves nothing to generate.
  for (const [index, { plan }] of samples.entries()) if (plan.pieces.length === 0) await finish(index)
  if (request.sampling.includeUsage) await write([], chatUsage(run))
  await endEvents(exchange)
}

function roleChoice(index: number, { request, mode }: ChatRun): object {
  const context = request.hasDataSources ? { context: noContext } : {}
  const delta = { content: '', refusal: null, role: 'assistant', ...context }
  return { ...emptyResults(mode), delta, finish_reason: null, index, logprobs: null }
}

function emptyResults(mode: ChatRun['mode']): object {
  return mode === 'off' || mode === 'asynchronous' ? {} : { content_filter_results: {} }
}

/** A token's chunk; none for reasoning and for tokens nothing is visible of. */
function contentChoices({ index, piece }: ReadyPiece, run: ChatRun, state: AzureOpenAIServerState): readonly object[] {
  if (piece.kind === 'reasoning' || (piece.kind === 'content' && piece.text === '')) return []
  const { topLogprobs } = run.request
  const logprobs = topLogprobs === undefined || piece.kind !== 'content' ? null : chatLogprobs([piece], topLogprobs)
  const results = piece.kind === 'content' ? pieceResults(run.mode, state) : emptyResults(run.mode)
  return [{ ...results, delta: delta(piece, state), finish_reason: null, index, logprobs }]
}

function pieceResults(mode: ChatRun['mode'], state: AzureOpenAIServerState): object {
  if (mode === 'unavailable') return { content_filter_results: filterUnavailable }
  return mode === 'default' ? { content_filter_results: filterResults('answer', state) } : {}
}

function delta({ kind, text, toolIndex }: OutputPiece, { ids }: AzureOpenAIServerState): object {
  if (kind === 'content') return { content: text }
  if (kind === 'tool-arguments') return { tool_calls: [{ function: { arguments: text }, index: toolIndex }] }
  const call = { function: { arguments: '', name: text }, id: toolCallId(ids), index: toolIndex, type: 'function' }
  return { tool_calls: [call] }
}

function finishChoice(index: number, { samples, mode }: ChatRun, state: AzureOpenAIServerState): object {
  const sample = samples[index]
  const match = sample?.match
  const results =
    match === undefined
      ? emptyResults(mode)
      : { content_filter_results: filterResults('answer', state, match.category) }
  return { ...results, delta: {}, finish_reason: sample?.plan.finishReason ?? 'stop', index, logprobs: null }
}
