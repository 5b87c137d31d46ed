import { readCompletionsRequest } from './completions-request.js'
import { completionsResponse } from './completions-response.js'
import { planCompletions } from './completions-samples.js'
import { streamCompletions } from './completions-stream.js'
import { requirePassingPrompt } from './content-filter.js'
import { type DeploymentExchange, generate, responseFrame, sendAnswer } from './deployment-exchange.js'
import { filterMode, synchronousMode } from './filtered-plan.js'
import { requireAllowance } from './require-allowance.js'

/** `POST …/completions`. */
export async function answerCompletions(exchange: DeploymentExchange): Promise<void> {
  const { body, deployment, version, state } = exchange
  const request = readCompletionsRequest(body, deployment, version)
  const { promptTokens, limit, prompts, sampling } = request
  const expected = {
    operation: 'Completions_Create',
    promptTokens,
    limit,
    samples: prompts.length * sampling.n,
  } as const
  requireAllowance(expected, exchange)
  const texts = prompts.map(({ text }) => text)
  requirePassingPrompt(texts, state)
  const mode = synchronousMode(filterMode(state, version))
  const samples = await planCompletions(request, exchange, mode)
  const run = { frame: responseFrame('cmpl-', exchange), request, samples, mode }
  if (sampling.stream) return streamCompletions(exchange, run)
  for await (const _ of generate(exchange, samples, promptTokens));
  await sendAnswer(exchange, completionsResponse(run, state))
}
