import { type AdapterEvent, type DuoModelError, type StreamEvent, StreamInterruptedError } from '@duo-models/adapters'
import type { Call } from './call.js'
import { cleanEvents } from './clean-output.js'
import { type Attempt, asDuoModelError, type Sent } from './send-request.js'
import { isContent, StreamTiming } from './stream-timing.js'

type EventBatch = readonly AdapterEvent[]

/** A stream whose first content has arrived; no further attempt will be made. */
export interface OpenedStream {
  readonly iterator: AsyncIterator<EventBatch>
  /** Everything up to and including the first content. */
  readonly first: EventBatch
}

/**
 * Sends a request as a stream and reads up to its first content, so that every failure before it can still be retried.
 */
export async function openStream(attempt: Attempt, call: Call): Promise<OpenedStream> {
  const { connection, prepared } = attempt
  const iterator = connection.stream(prepared.request, attempt.call)[Symbol.asyncIterator]()
  const first: AdapterEvent[] = []
  for (;;) {
    const batch = await readBatch(iterator, call)
    for (const event of batch) first.push(event)
    if (batch.some((event) => isContent(event) || event.type === 'response-end')) return { iterator, first }
  }
}

async function readBatch(iterator: AsyncIterator<EventBatch>, call: Call): Promise<EventBatch> {
  call.watchdog.startWaiting()
  const item = await call.wait(iterator.next())
  if (item.done === true) throw interrupted()
  call.watchdog.stopWaiting(item.value.some(isContent))
  return item.value
}

function interrupted(): StreamInterruptedError {
  return new StreamInterruptedError({
    message: 'The stream ended without a last event, so the answer may be incomplete. Send the request again.',
  })
}

/** Gives the events of one streamed answer, a read at a time, as the caller sees them: cleaned, timed, complete. */
export class StreamSource {
  readonly #call: Call
  readonly #open: () => Promise<Sent<OpenedStream>>
  readonly #onEnd: () => void
  readonly #timing = new StreamTiming()
  #sent: Sent<OpenedStream> | undefined
  #clean: (events: EventBatch) => EventBatch = (events) => events
  #ended = false

  /** @param onEnd called once, when the answer is complete, has failed or was given up */
  constructor(call: Call, open: () => Promise<Sent<OpenedStream>>, onEnd: () => void) {
    this.#call = call
    this.#open = open
    this.#onEnd = onEnd
  }

  /** Where the answer comes from; `undefined` before the first events. */
  get sent(): Omit<Sent<unknown>, 'result' | 'release'> | undefined {
    return this.#sent
  }

  /** The events of the next read; `undefined` after the last one. */
  async next(): Promise<readonly StreamEvent[] | undefined> {
    if (this.#ended) return undefined
    try {
      return this.#finish(this.#sent === undefined ? await this.#begin() : await this.#read(this.#sent.result))
    } catch (error) {
      throw this.#describe(error)
    }
  }

  /** Ends the answer early; the socket closes. */
  stop(failure: DuoModelError): void {
    if (this.#ended) return
    this.#call.fail(failure)
    this.#end()
  }

  async #begin(): Promise<EventBatch> {
    const sent = await this.#open()
    this.#sent = sent
    const cleaner = sent.prepared.createCleaner?.()
    if (cleaner !== undefined) this.#clean = (events) => cleanEvents(events, cleaner)
    return sent.result.first
  }

  async #read(stream: OpenedStream): Promise<EventBatch> {
    return readBatch(stream.iterator, this.#call)
  }

  /** Times the events of one read and adds what only this side knows to the last one of all. */
  #finish(batch: EventBatch): readonly StreamEvent[] {
    const elapsedMs = this.#call.elapsedMs()
    this.#timing.record(countContent(batch), elapsedMs)
    const events = this.#clean(batch)
    const last = events.at(-1)
    if (last?.type !== 'response-end') return events as readonly StreamEvent[]
    this.#end()
    return [...(events.slice(0, -1) as StreamEvent[]), { ...last, timing: this.#timing.finish(elapsedMs) }]
  }

  #describe(error: unknown): DuoModelError {
    const deployment = this.#sent?.deployment
    const failure = this.#call.failure ?? asDuoModelError(error, deployment?.platform ?? 'unknown')
    this.#call.abandonAttempt()
    this.#end()
    return failure.addContext({
      requestId: this.#call.requestId,
      deployment: deployment?.name,
      platform: deployment?.platform,
    })
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#call.end()
    this.#sent?.release()
    this.#onEnd()
  }
}

function countContent(events: EventBatch): number {
  let count = 0
  for (const event of events) if (isContent(event)) count += 1
  return count
}
