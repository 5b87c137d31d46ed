import type { EmulatedAnswer } from '../answer.js'
import type { Exchange } from '../http/exchange.js'
import { answerFor } from '../output/answer-for.js'
import { completionLogprobs } from '../output/logprobs.js'
import { type OutputPiece, type OutputPlan, planOutput, textOf } from '../output/output-plan.js'
import { createRandom } from '../random.js'
import { completionText } from '../text/completion-text.js'
import { parseBody } from './body-reader.js'
import { type CompletionsRequest, type Prompt, readCompletionsRequest } from './completions-request.js'
import { endEventStream, startEventStream, writeData } from './event-stream.js'
import { completionsWork, generate } from './generate.js'
import { loadHeaders } from './load-headers.js'
import type { ResponseFrame } from './response-frame.js'
import { createdNow, responseId } from './response-id.js'
import { sendJson } from './send-json.js'
import { usage, type VllmUsage } from './usage.js'
import type { VllmServerState } from './vllm-server-state.js'

/** `POST /v1/completions`. */
export async function answerCompletions(exchange: Exchange, state: VllmServerState): Promise<void> {
  const body = parseBody(exchange.body, exchange.headers['content-type'], state.behaviour)
  const request = readCompletionsRequest(body, state)
  const frame = { id: responseId('cmpl-', exchange.headers, state), created: createdNow(), model: request.model }
  const plans = await planPrompts(request, state)
  const run = { frame, request, plans, promptTokens: request.prompts.reduce((sum, { tokens }) => sum + tokens, 0) }
  if (request.sampling.stream) return streamCompletions(exchange, run, state)
  for await (const _ of generate(plans, completionsWork(request), state, exchange.reply.signal));
  await sendJson(exchange.reply, 200, completionsResponse(run), loadHeaders(exchange.headers, state))
}

interface CompletionsRun {
  readonly frame: ResponseFrame
  readonly request: CompletionsRequest
  /** `n` plans for the first prompt, then `n` for the second, and so on. */
  readonly plans: readonly OutputPlan[]
  readonly promptTokens: number
}

function planPrompts(request: CompletionsRequest, state: VllmServerState): Promise<OutputPlan[]> {
  const { n } = request.sampling
  const jobs = request.prompts.flatMap((prompt) => Array.from({ length: n }, (_, sample) => ({ prompt, sample })))
  return Promise.all(jobs.map(({ prompt, sample }) => planSample(request, prompt, sample, state)))
}

async function planSample(
  request: CompletionsRequest,
  prompt: Prompt,
  sample: number,
  state: VllmServerState,
): Promise<OutputPlan> {
  const { model, body, sampling, constraint } = request
  const own = (): EmulatedAnswer => {
    const random = createRandom(state.seed, prompt.text, sampling.seed, sample)
    return { text: constraint?.(random) ?? completionText(prompt.text, random) }
  }
  const told = { endpoint: 'completions', model, prompt: prompt.text, body, sample } as const
  const { text, finishReason } = await answerFor(state.respond, told, own)
  return planOutput({ text, finishReason }, { ...sampling, maxTokens: prompt.maxTokens })
}

/** The prompt a choice belongs to, if the request wants it repeated. */
function echoed(index: number, { prompts, sampling, echo }: CompletionsRequest): string {
  return echo ? (prompts[Math.floor(index / sampling.n)]?.text ?? '') : ''
}

function logprobsOf(
  pieces: readonly OutputPiece[],
  offset: number,
  { topLogprobs }: CompletionsRequest,
): object | null {
  return topLogprobs === undefined ? null : completionLogprobs(pieces, topLogprobs, offset)
}

function completionsResponse({ frame, request, plans, promptTokens }: CompletionsRun): object {
  const completionTokens = plans.reduce((sum, { pieces }) => sum + pieces.length, 0)
  return {
    id: frame.id,
    object: 'text_completion',
    created: frame.created,
    model: frame.model,
    choices: plans.map((plan, index) => ({
      index,
      text: echoed(index, request) + textOf(plan.pieces, 'content'),
      logprobs: logprobsOf(plan.pieces, echoed(index, request).length, request),
      finish_reason: plan.finishReason,
      stop_reason: plan.stopReason,
      prompt_logprobs: null,
    })),
    usage: { ...usage(promptTokens, completionTokens), prompt_tokens_details: null },
  }
}

async function streamCompletions(
  { reply, headers }: Exchange,
  run: CompletionsRun,
  state: VllmServerState,
): Promise<void> {
  const { request, plans, promptTokens } = run
  await startEventStream(reply, loadHeaders(headers, state))
  const { includeUsage, continuousUsage } = request.sampling
  const generated = plans.map(() => 0)
  const offsets = plans.map((_, index) => echoed(index, request).length)
  const chunk = (index: number, choice: object) =>
    writeData(
      reply,
      completionsChunk(run.frame, [choice], continuousUsage ? choiceUsage(index, request, generated) : null),
    )
  // `max_tokens: 0` with `echo` generates nothing, and the prompt still has to come back.
  for (const index of plans.keys()) {
    if (plans[index]?.pieces.length === 0)
      await chunk(index, textChoice(index, echoed(index, request), null, plans[index]))
  }
  for await (const { index, piece, position, isLast } of generate(
    plans,
    completionsWork(request),
    state,
    reply.signal,
  )) {
    generated[index] = position + 1
    const text = (position === 0 ? echoed(index, request) : '') + piece.text
    const logprobs = logprobsOf([piece], offsets[index] ?? 0, request)
    offsets[index] = (offsets[index] ?? 0) + piece.tokenText.length
    await chunk(index, textChoice(index, text, logprobs, isLast ? plans[index] : undefined))
  }
  const total = usage(
    promptTokens,
    generated.reduce((sum, tokens) => sum + tokens, 0),
  )
  if (includeUsage) await writeData(reply, completionsChunk(run.frame, [], total))
  await endEventStream(reply)
}

/** The running count of a chunk is that of its own prompt and sample. */
function choiceUsage(
  index: number,
  { prompts, sampling }: CompletionsRequest,
  generated: readonly number[],
): VllmUsage {
  return usage(prompts[Math.floor(index / sampling.n)]?.tokens ?? 0, generated[index] ?? 0)
}

function textChoice(index: number, text: string, logprobs: object | null, finished: OutputPlan | undefined): object {
  return {
    index,
    text,
    logprobs,
    finish_reason: finished?.finishReason ?? null,
    stop_reason: finished?.stopReason ?? null,
  }
}

function completionsChunk(
  { id, created, model }: ResponseFrame,
  choices: readonly object[],
  counts: object | null,
): object {
  return { id, object: 'text_completion', created, model, choices, usage: counts }
}
