import { uuid } from '../uuid.js'
import { AzureRequestError } from './azure-request-error.js'
import { readChatRequest } from './chat-request.js'
import { chatResponse } from './chat-response.js'
import { planChatSamples } from './chat-samples.js'
import { streamChat } from './chat-stream.js'
import { requirePassingPrompt } from './content-filter.js'
import { type DeploymentExchange, generate, responseFrame, sendAnswer } from './deployment-exchange.js'
import { filterMode, synchronousMode } from './filtered-plan.js'
import { requireAllowance } from './require-allowance.js'

/** `POST …/chat/completions`. */
export async function answerChat(exchange: DeploymentExchange): Promise<void> {
  const { body, deployment, version, state } = exchange
  const request = readChatRequest(body, deployment, version)
  const { promptTokens, limit, sampling, messages } = request
  if (request.hasDataSources) refuseStreamOptions(exchange)
  requireAllowance({ operation: 'ChatCompletions_Create', promptTokens, limit, samples: sampling.n }, exchange)
  requirePassingPrompt([messages.map(({ text }) => text).join('\n')], state)
  const mode = sampling.stream ? filterMode(state, version) : synchronousMode(filterMode(state, version))
  const samples = await planChatSamples(request, exchange, mode)
  const frame = responseFrame('chatcmpl-', exchange)
  if (sampling.stream) return streamChat(exchange, { frame, request, samples, mode })
  for await (const _ of generate(exchange, samples, promptTokens));
  await sendAnswer(exchange, chatResponse({ frame, request, samples, mode }, state))
}

/** Requests with data of their own go to another service, which checks bodies by itself. */
function refuseStreamOptions({ body, state }: DeploymentExchange): void {
  if ((body['stream_options'] ?? null) === null) return
  const message = 'Validation error at #/stream_options: Extra inputs are not permitted'
  throw new AzureRequestError(400, { requestid: uuid(state.ids), code: 400, message })
}
