import type { EmulatedAnswer } from '../answer.js'
import { answerFor } from '../output/answer-for.js'
import { type OutputPlan, planOutput, simpleLimits } from '../output/output-plan.js'
import { createRandom } from '../random.js'
import { chatAnswer } from '../text/chat-answer.js'
import { completionText } from '../text/completion-text.js'
import { assess, blockedMessage } from './applied-guardrail.js'
import { chunkFrame, type InvocationCounts, invocationHeaders, invocationMetrics } from './invocation.js'
import { type MistralRequest, readMistralRequest } from './mistral-request.js'
import { generate, latencyMs, type ModelExchange, sendAnswer, startFrames } from './model-exchange.js'

/** An answer decided in advance. */
interface PlannedText {
  readonly plan: OutputPlan
  readonly counts: InvocationCounts
  /** What a guardrail did; `undefined` without one. */
  readonly guardrailAction: 'NONE' | 'INTERVENED' | undefined
}

/** `POST /model/{modelId}/invoke` with one of Mistral's models. */
export async function answerMistral(exchange: ModelExchange): Promise<void> {
  const request = readMistralRequest(exchange)
  const answer = await planText(request, exchange)
  for await (const _ of generate(exchange, answer.plan, request.promptTokens));
  const text = answer.plan.pieces.map((piece) => piece.text).join('')
  const body = { ...output(text, answer.plan.finishReason), ...actionMember(answer) }
  await sendAnswer(exchange, JSON.stringify(body), invocationHeaders(answer.counts, latencyMs(exchange)))
}

/** `POST /model/{modelId}/invoke-with-response-stream` with one of Mistral's models. */
export async function answerMistralStream(exchange: ModelExchange): Promise<void> {
  const request = readMistralRequest(exchange)
  const answer = await planText(request, exchange)
  const { reply } = exchange.exchange
  const write = (event: object) => reply.write(chunkFrame(event, exchange.state.ids))
  await startFrames(exchange, [['X-Amzn-Bedrock-Content-Type', 'application/json']])
  let firstByteMs: number | undefined
  for await (const { piece, isLast } of generate(exchange, answer.plan, request.promptTokens)) {
    firstByteMs ??= latencyMs(exchange)
    if (!isLast && piece.text !== '') await write(output(piece.text, null))
    if (!isLast) continue
    const metrics = invocationMetrics(answer.counts, latencyMs(exchange), firstByteMs)
    await write({ ...output(piece.text, answer.plan.finishReason), ...actionMember(answer), ...metrics })
  }
  await reply.end()
}

function output(text: string, stopReason: string | null): object {
  return { outputs: [{ text, stop_reason: stopReason }] }
}

function actionMember({ guardrailAction }: PlannedText): object {
  return guardrailAction === undefined ? {} : { 'amazon-bedrock-guardrailAction': guardrailAction }
}

async function planText(request: MistralRequest, exchange: ModelExchange): Promise<PlannedText> {
  const { guardrail, prompt, promptTokens, maxTokens, stop } = request
  if (guardrail && assess(guardrail, prompt)) {
    const plan = planMessage(blockedMessage(guardrail, 'input'))
    return { plan, counts: { inputTokens: 0, outputTokens: 0 }, guardrailAction: 'INTERVENED' }
  }
  const { text, finishReason } = await askForText(request, exchange)
  const plan = planOutput({ text, finishReason }, simpleLimits(maxTokens, stop))
  const counts = { inputTokens: promptTokens, outputTokens: plan.pieces.length }
  if (guardrail && assess(guardrail, text)) {
    return { plan: planMessage(blockedMessage(guardrail, 'output')), counts, guardrailAction: 'INTERVENED' }
  }
  return { plan, counts, guardrailAction: guardrail && 'NONE' }
}

function planMessage(text: string): OutputPlan {
  return planOutput({ text }, simpleLimits(Number.MAX_SAFE_INTEGER, []))
}

function askForText({ prompt }: MistralRequest, { state, modelId, body }: ModelExchange): Promise<EmulatedAnswer> {
  const told = { endpoint: 'completions', model: modelId, prompt, body, sample: 0 } as const
  return answerFor(state.respond, told, () => ({ text: ownText(prompt, state.seed) }))
}

/** An instruction is answered, with the blank these models begin with; other prompts are gone on with. */
function ownText(prompt: string, seed: number): string {
  const random = createRandom(seed, prompt)
  const question = /\[INST\]((?:(?!\[INST\])[\s\S])*?)\[\/INST\]\s*$/.exec(prompt)?.[1]
  return question === undefined ? completionText(prompt, random) : ` ${chatAnswer(question.trim(), random)}`
}
