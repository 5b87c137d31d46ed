import { completionLogprobs } from '../output/logprobs.js'
import { type OutputPiece, textOf } from '../output/output-plan.js'
import type { AzureOpenAIServerState } from './azure-openai-server-state.js'
import { answerFilterResults } from './chat-response.js'
import type { CompletionsRequest } from './completions-request.js'
import { promptFilterResults } from './content-filter.js'
import type { ResponseFrame } from './deployment-exchange.js'
import type { FilteredPlan, FilterMode } from './filtered-plan.js'
import { usage } from './usage.js'

/** A completions request with everything that is decided about its answer. */
export interface CompletionsRun {
  readonly frame: ResponseFrame
  readonly request: CompletionsRequest
  /** `n` samples for the first prompt, then `n` for the second, and so on. */
  readonly samples: readonly FilteredPlan[]
  readonly mode: FilterMode
}

/** The body of a completions response that is not streamed. */
export function completionsResponse(run: CompletionsRun, state: AzureOpenAIServerState): object {
  return {
    ...run.frame,
    ...promptFilterResults(run.request.prompts.length, state),
    choices: run.samples.map((sample, index) => wholeChoice(sample, index, run, state)),
    object: 'text_completion',
    usage: completionsUsage(run),
  }
}

function wholeChoice(
  sample: FilteredPlan,
  index: number,
  { request, mode }: CompletionsRun,
  state: AzureOpenAIServerState,
): object {
  const prompt = echoed(index, request)
  return {
    ...answerFilterResults(sample, mode, state),
    finish_reason: sample.plan.finishReason,
    index,
    logprobs: logprobsOf(sample.plan.pieces, prompt.length, request),
    text: prompt + textOf(sample.plan.pieces, 'content'),
  }
}

/** The prompt a choice belongs to, if the request wants it repeated. */
export function echoed(index: number, { prompts, sampling, echo }: CompletionsRequest): string {
  return echo ? (prompts[Math.floor(index / sampling.n)]?.text ?? '') : ''
}

/** The log probabilities of some tokens, if they were asked for; `offset` is where the first begins. */
export function logprobsOf(
  pieces: readonly OutputPiece[],
  offset: number,
  { topLogprobs }: CompletionsRequest,
): object | null {
  return topLogprobs === undefined ? null : completionLogprobs(pieces, topLogprobs, offset)
}

/** Token counts of all samples together. */
export function completionsUsage({ request, samples }: CompletionsRun): object {
  const generated = samples.reduce((sum, sample) => sum + sample.plan.pieces.length, 0)
  return usage(request.promptTokens, generated, 0)
}
