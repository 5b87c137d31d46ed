import { answerFilterResults } from './chat-response.js'
import { writeChunk, writePromptFilter } from './chunk-writer.js'
import { type CompletionsRun, completionsUsage, echoed, logprobsOf } from './completions-response.js'
import { type DeploymentExchange, endEvents, generate, startEvents } from './deployment-exchange.js'

/** Streams a completions response: annotations of the prompts, text, a finish chunk per sample, usage if asked for, `[DONE]`. */
export async function streamCompletions(exchange: DeploymentExchange, run: CompletionsRun): Promise<void> {
  const { frame, request, samples, mode } = run
  const style = { object: 'text_completion', ...request.sampling } as const
  const write = (choices: readonly object[], counts?: object) => writeChunk(exchange, frame, style, choices, counts)
  const choice = (index: number, text: string, logprobs: object | null, finished: boolean) => {
    const sample = samples[index]
    // What the filter found is told where it ends the text.
    const told = sample === undefined || finished ? sample : { ...sample, match: undefined }
    const results = told === undefined ? {} : answerFilterResults(told, mode, exchange.state)
    return { ...results, finish_reason: finished ? (sample?.plan.finishReason ?? 'stop') : null, index, logprobs, text }
  }
  await startEvents(exchange)
  await writePromptFilter(exchange, request.prompts.length)
  const offsets = samples.map((_, index) => echoed(index, request).length)
  for (const [index, { plan }] of samples.entries()) {
    const prompt = echoed(index, request)
    if (prompt !== '') await write([choice(index, prompt, null, false)])
    // `max_tokens: 0` generates nothing, and neither does a filter that stops the first word.
    if (plan.pieces.length === 0) await write([choice(index, '', null, true)])
  }
  for await (const { index, piece, isLast } of generate(exchange, samples, request.promptTokens)) {
    const logprobs = logprobsOf([piece], offsets[index] ?? 0, request)
    offsets[index] = (offsets[index] ?? 0) + piece.tokenText.length
    if (piece.text !== '') await write([choice(index, piece.text, logprobs, false)])
    if (isLast) await write([choice(index, '', null, true)])
  }
  if (request.sampling.includeUsage) await write([], completionsUsage(run))
  await endEvents(exchange)
}
