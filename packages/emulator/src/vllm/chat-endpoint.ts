import type { EmulatedAnswer } from '../answer.js'
import type { Exchange } from '../http/exchange.js'
import { answerFor } from '../output/answer-for.js'
import { type OutputPlan, planOutput } from '../output/output-plan.js'
import { toolCall } from '../output/tool-use.js'
import { createRandom } from '../random.js'
import { chatAnswer } from '../text/chat-answer.js'
import { parseBody } from './body-reader.js'
import { type ChatRequest, readChatRequest } from './chat-request.js'
import { chatResponse } from './chat-response.js'
import { streamChat } from './chat-stream.js'
import { chatWork, generate } from './generate.js'
import { loadHeaders } from './load-headers.js'
import { createdNow, responseId } from './response-id.js'
import { sendJson } from './send-json.js'
import type { VllmServerState } from './vllm-server-state.js'

/** `POST /v1/chat/completions`. */
export async function answerChat(exchange: Exchange, state: VllmServerState): Promise<void> {
  const body = parseBody(exchange.body, exchange.headers['content-type'], state.behaviour)
  const request = readChatRequest(body, state)
  const frame = { id: responseId('chatcmpl-', exchange.headers, state), created: createdNow(), model: request.model }
  const plans = await planSamples(request, state)
  if (request.sampling.stream) return streamChat(exchange, frame, request, plans, state)
  for await (const _ of generate(plans, chatWork(request), state, exchange.reply.signal));
  const headers = loadHeaders(exchange.headers, state)
  await sendJson(exchange.reply, 200, chatResponse(frame, request, plans, state), headers)
}

function planSamples(request: ChatRequest, state: VllmServerState): Promise<OutputPlan[]> {
  const samples = Array.from({ length: request.sampling.n }, (_, sample) => sample)
  const { prompt, model, body, maxTokens, sampling } = request
  return Promise.all(
    samples.map(async (sample) => {
      const told = { endpoint: 'chat', model, prompt, body, sample } as const
      const answer = await answerFor(state.respond, told, () => ownAnswer(request, sample, state))
      return planOutput(foldReasoning(answer, state), { ...sampling, maxTokens })
    }),
  )
}

function ownAnswer(request: ChatRequest, sample: number, state: VllmServerState): EmulatedAnswer {
  const random = createRandom(state.seed, request.prompt, request.sampling.seed, sample)
  if (request.constraint !== undefined) return { text: request.constraint(random) }
  const call = toolCall(request.tools, request.messages, random)
  // A named function is a constraint on the output, and vLLM then says "stop".
  if (call !== undefined) {
    return { text: '', toolCalls: [call], ...(request.tools.choice === 'named' ? { finishReason: 'stop' } : {}) }
  }
  const question = request.messages.findLast(({ role }) => role === 'user')?.text ?? request.messages.at(-1)?.text ?? ''
  return { text: chatAnswer(question, random) }
}

/** Versions without a reasoning parser leave the reasoning in the text, between the tags the model writes. */
function foldReasoning(answer: EmulatedAnswer, { behaviour }: VllmServerState): EmulatedAnswer {
  if (!answer.reasoning || behaviour.reasoningKey !== undefined) return answer
  return { ...answer, reasoning: undefined, text: `<think>\n${answer.reasoning}\n</think>\n\n${answer.text}` }
}
