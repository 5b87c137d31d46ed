import { chatLogprobs } from '../output/logprobs.js'
import { type OutputPlan, textOf } from '../output/output-plan.js'
import type { Random } from '../random.js'
import type { AzureOpenAIServerState } from './azure-openai-server-state.js'
import type { ChatRequest } from './chat-request.js'
import { filterResults, filterUnavailable, promptFilterResults } from './content-filter.js'
import type { ResponseFrame } from './deployment-exchange.js'
import type { FilteredPlan, FilterMode } from './filtered-plan.js'
import { usage } from './usage.js'

/** A chat request with everything that is decided about its answer. */
export interface ChatRun {
  readonly frame: ResponseFrame
  readonly request: ChatRequest
  readonly samples: readonly FilteredPlan[]
  readonly mode: FilterMode
}

/** The body of a chat response that is not streamed. */
export function chatResponse(run: ChatRun, state: AzureOpenAIServerState): object {
  return {
    ...run.frame,
    ...promptFilterResults(1, state),
    choices: run.samples.map((sample, index) => choice(sample, index, run, state)),
    object: 'chat.completion',
    usage: chatUsage(run),
  }
}

/** Token counts of all samples together. What the filter held back is charged too. */
export function chatUsage({ request, samples }: ChatRun): object {
  const pieces = samples.flatMap(({ plan }) => plan.pieces)
  const reasoning = pieces.filter(({ kind }) => kind === 'reasoning').length
  return usage(request.promptTokens, pieces.length, reasoning)
}

function choice(sample: FilteredPlan, index: number, run: ChatRun, state: AzureOpenAIServerState): object {
  const { plan, match } = sample
  const { topLogprobs } = run.request
  const visible = plan.pieces.filter(({ kind }) => kind === 'content')
  return {
    ...answerFilterResults(sample, run.mode, state),
    finish_reason: plan.finishReason,
    index,
    logprobs: topLogprobs === undefined ? null : chatLogprobs(visible, topLogprobs),
    // A filtered answer is withheld, and its message with it.
    ...(match === undefined ? { message: message(plan, run.request, state.ids) } : {}),
  }
}

/** The annotation of a whole answer, or nothing while the filter is off. */
export function answerFilterResults({ match }: FilteredPlan, mode: FilterMode, state: AzureOpenAIServerState): object {
  if (mode === 'off') return {}
  if (mode === 'unavailable') return { content_filter_results: filterUnavailable }
  return { content_filter_results: filterResults('answer', state, match?.category) }
}

function message(plan: OutputPlan, { hasDataSources }: ChatRequest, ids: Random): object {
  const text = textOf(plan.pieces, 'content')
  const calls = toolCalls(plan, ids)
  return {
    annotations: [],
    content: text === '' && calls.length > 0 ? null : text,
    ...(hasDataSources ? { context: noContext } : {}),
    refusal: null,
    role: 'assistant',
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  }
}

/** What was found in a request's own data: nothing, as there is no search behind the emulator. */
export const noContext = { citations: [], intent: '[]' }

function toolCalls({ pieces }: OutputPlan, ids: Random): readonly object[] {
  const names = pieces.filter(({ kind }) => kind === 'tool-name')
  return names.map(({ text: name, toolIndex }) => {
    const mine = pieces.filter((piece) => piece.toolIndex === toolIndex)
    return { function: { arguments: textOf(mine, 'tool-arguments'), name }, id: toolCallId(ids), type: 'function' }
  })
}

/** The id of a tool call, as OpenAI forms it. */
export function toolCallId(ids: Random): string {
  return `call_${ids.hex(24)}`
}
