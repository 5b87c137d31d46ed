import type { EmulatedAnswer } from '../answer.js'
import { answerFor } from '../output/answer-for.js'
import { planOutput, simpleLimits } from '../output/output-plan.js'
import { createRandom } from '../random.js'
import { fillCode } from '../text/code-infill.js'
import { completionText } from '../text/completion-text.js'
import type { CompletionsRequest, Prompt } from './completions-request.js'
import type { DeploymentExchange } from './deployment-exchange.js'
import { type FilteredPlan, type FilterMode, filterPlan } from './filtered-plan.js'

/** Decides the samples of a completions request: `n` for the first prompt, then `n` for the second, and so on. */
export function planCompletions(
  request: CompletionsRequest,
  exchange: DeploymentExchange,
  mode: FilterMode,
): Promise<readonly FilteredPlan[]> {
  const { n } = request.sampling
  const jobs = request.prompts.flatMap((prompt) => Array.from({ length: n }, (_, sample) => ({ prompt, sample })))
  return Promise.all(jobs.map(({ prompt, sample }) => planSample(request, prompt, sample, exchange, mode)))
}

async function planSample(
  { suffix, sampling, body }: CompletionsRequest,
  prompt: Prompt,
  sample: number,
  { state, deployment }: DeploymentExchange,
  mode: FilterMode,
): Promise<FilteredPlan> {
  const own = (): EmulatedAnswer => {
    const random = createRandom(state.seed, prompt.text, suffix ?? '', sampling.seed, sample)
    return { text: suffix === undefined ? completionText(prompt.text, random) : fillCode(prompt.text, suffix, random) }
  }
  const told = { endpoint: 'completions', model: deployment.name, prompt: prompt.text, body, sample } as const
  const { text, finishReason } = await answerFor(state.respond, told, own)
  return filterPlan(planOutput({ text, finishReason }, simpleLimits(prompt.maxTokens, sampling.stop)), mode, state)
}
