import {
  type AdapterResponse,
  type BatchIterator,
  DuoModelError,
  type DuoModelErrorCode,
  ProtocolError,
  type Timing,
} from '@duo-models/adapters'
import type { Call } from './call.js'
import { type CollectedResponse, ResponseCollector } from './response-collector.js'
import type { Attempt } from './send-request.js'
import { countContent, StreamTiming } from './stream-timing.js'
import { unendedStreamError } from './unended-stream-error.js'

/** A whole answer, and its times. */
export interface CollectedAnswer {
  readonly response: AdapterResponse
  readonly timing: Timing
}

/** As much as is read of a whole answer, more or less. */
const maxAnswerCharacters = 32 * 1024 * 1024

/** What may be sent again as long as nothing has reached the caller. */
const passingFailures: ReadonlySet<DuoModelErrorCode> = new Set([
  'connection',
  'model-not-ready',
  'overloaded',
  'rate-limit',
  'server',
  'stream-interrupted',
])

/**
 * Fetches a whole answer as a stream: when it begins, and how fast it goes on, tells how many requests its server runs.
 * For the caller it is as any whole answer: the limits for tokens do not apply, and as nothing of it is handed on before
 * its end, one that breaks off may be asked for again.
 */
export async function collectAnswer(attempt: Attempt, call: Call): Promise<CollectedAnswer> {
  const { connection, prepared, permit } = attempt
  const iterator: BatchIterator = connection.stream(prepared.request, attempt.call)[Symbol.asyncIterator]()
  const collector = new ResponseCollector(maxAnswerCharacters)
  const timing = new StreamTiming()
  try {
    for (let lastAtMs: number | undefined; ; ) {
      const item = await call.wait(iterator.next())
      if (item.done === true) throw unendedStreamError()
      const elapsedMs = call.elapsedMs()
      const content = countContent(item.value)
      timing.record(content, elapsedMs)
      if (content > 0) {
        if (lastAtMs === undefined) permit.answer()
        else permit.countContent(content, elapsedMs - lastAtMs)
        lastAtMs = elapsedMs
      }
      for (const event of item.value) {
        if (event.type !== 'response-end') collector.add(event)
        else collector.add({ ...event, timing: timing.finish(elapsedMs, call.queuedMs) })
      }
      if (collector.overflowed) throw tooLong()
      const collected = collector.complete()
      if (collected === undefined) continue
      leave(iterator)
      return { response: asResponse(collected), timing: collected.timing }
    }
  } catch (error) {
    throw describe(error, collector, timing)
  }
}

function tooLong(): ProtocolError {
  return new ProtocolError({
    message: `The answer is longer than ${maxAnswerCharacters} characters. Ask for fewer tokens (\`maxOutputTokens\`), or read it with \`client.stream()\`.`,
  })
}

/** The answer is complete: what an adapter says about being left does not matter any more. */
function leave(iterator: BatchIterator): void {
  iterator.return?.().then(undefined, () => undefined)
}

function asResponse(collected: CollectedResponse): AdapterResponse {
  const { timing: _timing, servedModelName: model, ...response } = collected
  return { ...response, model }
}

/** An error in the middle of a stream says that it must not be sent again, for something had arrived. */
function describe(error: unknown, collector: ResponseCollector, timing: StreamTiming): unknown {
  if (!DuoModelError.is(error)) return error
  error.addContext({ partial: collector.partial(timing.contentEvents) })
  return error.phase === 'stream' && passingFailures.has(error.code) ? error.allowRetry() : error
}
