import type { EmulatedAnswer } from '../answer.js'
import { answerFor } from '../output/answer-for.js'
import { planOutput, simpleLimits } from '../output/output-plan.js'
import { toolCall } from '../output/tool-use.js'
import { createRandom } from '../random.js'
import { chatAnswer } from '../text/chat-answer.js'
import type { ChatRequest } from './chat-request.js'
import type { DeploymentExchange } from './deployment-exchange.js'
import { type FilteredPlan, type FilterMode, filterPlan } from './filtered-plan.js'

/** Decides the samples of a chat request. */
export function planChatSamples(
  request: ChatRequest,
  exchange: DeploymentExchange,
  mode: FilterMode,
): Promise<readonly FilteredPlan[]> {
  const samples = Array.from({ length: request.sampling.n }, (_, sample) => sample)
  return Promise.all(samples.map((sample) => planSample(request, exchange, mode, sample)))
}

async function planSample(
  request: ChatRequest,
  { state, body, deployment }: DeploymentExchange,
  mode: FilterMode,
  sample: number,
): Promise<FilteredPlan> {
  const { prompt, maxTokens, sampling } = request
  const told = { endpoint: 'chat', model: deployment.name, prompt, body, sample } as const
  const answer = await answerFor(state.respond, told, () => ownAnswer(request, state.seed, sample))
  const plan = planOutput(withReasoning(answer, request, deployment.reasons), simpleLimits(maxTokens, sampling.stop))
  return filterPlan(plan, mode, state)
}

/** Reasoning is never shown, but its tokens are generated, and count against the limit. */
function withReasoning(answer: EmulatedAnswer, { reasoningTokens }: ChatRequest, reasons: boolean): EmulatedAnswer {
  if (!reasons) return { ...answer, reasoning: undefined }
  return { ...answer, reasoning: answer.reasoning ?? ' a'.repeat(reasoningTokens) }
}

function ownAnswer(request: ChatRequest, seed: number, sample: number): EmulatedAnswer {
  const { prompt, sampling, constraint, tools, messages } = request
  const random = createRandom(seed, prompt, sampling.seed, sample)
  if (constraint !== undefined) return { text: constraint(random) }
  const call = toolCall(tools, messages, random)
  // A named function is a constraint on the output, and OpenAI then says "stop".
  if (call !== undefined) {
    return { text: '', toolCalls: [call], ...(tools.choice === 'named' ? { finishReason: 'stop' } : {}) }
  }
  const question = messages.findLast(({ role }) => role === 'user')?.text ?? messages.at(-1)?.text ?? ''
  return { text: chatAnswer(question, random) }
}
