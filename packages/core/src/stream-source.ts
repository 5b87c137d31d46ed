import {
  type AdapterEvent,
  type BatchIterator,
  type BatchReceiver,
  DuoModelError,
  type OutputCleaner,
  type StreamEvent,
} from '@duo-models/adapters'
import type { Call } from './call.js'
import type { CallAnswer } from './call-answer.js'
import { cleanEvents } from './clean-output.js'
import type { StreamReceiver } from './model-stream.js'
import { type Attempt, asDuoModelError, type Sent } from './send-request.js'
import { countContent, isContent, StreamTiming } from './stream-timing.js'
import { unendedStreamError } from './unended-stream-error.js'

type EventBatch = readonly AdapterEvent[]

/** A stream whose first content has arrived; no further attempt will be made. */
export interface OpenedStream {
  readonly iterator: BatchIterator
  /** Everything up to and including the first content. */
  readonly first: EventBatch
}

/**
 * Sends a request as a stream and reads up to its first content, so that every failure before it can still be retried.
 */
export async function openStream(
  attempt: Pick<Attempt, 'connection' | 'prepared' | 'call'>,
  call: Call,
): Promise<OpenedStream> {
  const { connection, prepared } = attempt
  const iterator: BatchIterator = connection.stream(prepared.request, attempt.call)[Symbol.asyncIterator]()
  const first: AdapterEvent[] = []
  try {
    for (;;) {
      const batch = await readBatch(iterator, call)
      for (const event of batch) first.push(event)
      if (batch.some((event) => isContent(event) || event.type === 'response-end')) return { iterator, first }
    }
  } catch (error) {
    throw addUsage(error, first)
  }
}

/** What the server had counted before a failure: the tokens of the prompt are paid for, whatever came of them. */
function addUsage(error: unknown, events: readonly AdapterEvent[]): unknown {
  const last = events.findLast((event) => event.type === 'usage')
  if (last === undefined || !DuoModelError.is(error)) return error
  return error.addContext({ partial: { text: '', reasoning: '', toolCalls: [], usage: last.usage } })
}

async function readBatch(iterator: BatchIterator, call: Call): Promise<EventBatch> {
  call.watchdog.startWaiting()
  const item = await call.wait(iterator.next())
  if (item.done === true) throw unendedStreamError()
  call.watchdog.stopWaiting(item.value.some(isContent))
  return item.value
}

type ClientEvents = readonly StreamEvent[]

/** Told once how a stream ended: with its answer, or with the failure that kept it from one. */
export type StreamEndListener = (answer: CallAnswer | undefined, failure: DuoModelError | undefined) => void

/** Gives the events of one streamed answer, a read at a time, as the caller sees them: cleaned, timed, complete. */
export class StreamSource {
  readonly #call: Call
  readonly #open: () => Promise<Sent<OpenedStream>>
  readonly #onEnd: StreamEndListener
  readonly #timing = new StreamTiming()
  #sent: Sent<OpenedStream> | undefined
  #cleaner: OutputCleaner | undefined
  #receiver: StreamReceiver | undefined
  #ended = false

  /** @param onEnd called once, when the answer is complete, has failed or was given up */
  constructor(call: Call, open: () => Promise<Sent<OpenedStream>>, onEnd: StreamEndListener) {
    this.#call = call
    this.#open = open
    this.#onEnd = onEnd
  }

  /** Where the answer comes from; `undefined` before the first events. */
  get sent(): Omit<Sent<unknown>, 'result'> | undefined {
    return this.#sent
  }

  /** Pieces of content that came from the server. */
  get contentEvents(): number {
    return this.#timing.contentEvents
  }

  /** Asks for one read; `receiver` is told what it brought. One request at a time. */
  next(receiver: StreamReceiver): void {
    this.#receiver = receiver
    if (this.#ended) receiver.take(undefined)
    else if (this.#sent === undefined) this.#begin().then(this.#pass, this.#fail)
    else this.#read(this.#sent.result.iterator)
  }

  /** Ends the answer early; the socket closes. */
  stop(failure: DuoModelError): void {
    if (this.#ended) return
    this.#call.fail(failure)
    this.#end(failure)
  }

  async #begin(): Promise<ClientEvents> {
    this.#sent = await this.#open()
    if (this.#ended) this.#sent.permit.release(this.#call.failure)
    this.#cleaner = this.#sent.prepared.createCleaner?.()
    // From here on a failure is told at once, whether or not somebody waits: a call given up must not be kept open.
    this.#call.onFailure(this.#fail)
    const { first } = this.#sent.result
    return this.#finish(first, countContent(first), this.#call.elapsedMs())
  }

  /** Runs once per read of the socket: the functions it hands over are made once. */
  #read(iterator: BatchIterator): void {
    this.#call.watchdog.startWaiting()
    try {
      if (iterator.handOver === undefined) iterator.next().then(this.#takeItem, this.#fail)
      else iterator.handOver(this.#batches)
    } catch (error) {
      this.#fail(error)
    }
  }

  readonly #pass = (events: ClientEvents): void => this.#receiver?.take(events)

  readonly #takeItem = (item: IteratorResult<EventBatch>): void => {
    if (item.done === true) this.#fail(unendedStreamError())
    else this.#take(item.value)
  }

  readonly #take = (batch: EventBatch): void => {
    if (this.#ended) return
    let events: ClientEvents
    try {
      events = this.#receive(batch)
    } catch (error) {
      this.#fail(error)
      return
    }
    this.#receiver?.take(events)
  }

  readonly #fail = (error: unknown): void => {
    if (this.#ended) return
    // The adapter knows only that its signal fired; the attempt knows why.
    this.#receiver?.fail(this.#describe(this.#call.attemptFailure ?? error))
  }

  readonly #batches: BatchReceiver = {
    take: this.#take,
    end: () => this.#fail(unendedStreamError()),
    fail: this.#fail,
  }

  #receive(batch: EventBatch): ClientEvents {
    const content = countContent(batch)
    const { watchdog } = this.#call
    const nowMs = this.#call.elapsedMs()
    if (content > 0) this.#sent?.permit.countContent(content, watchdog.waitedMs(nowMs + this.#call.startedAt))
    watchdog.stopWaiting(content > 0)
    return this.#finish(batch, content, nowMs)
  }

  /** Times the events of one read and adds what only this side knows to the last one of all. */
  #finish(batch: EventBatch, content: number, elapsedMs: number): ClientEvents {
    this.#timing.record(content, elapsedMs)
    const events = this.#cleaner === undefined ? batch : cleanEvents(batch, this.#cleaner)
    const last = events[events.length - 1]
    if (last?.type !== 'response-end') return events as ClientEvents
    const end = { ...last, timing: this.#timing.finish(elapsedMs, this.#call.queuedMs) }
    this.#end(undefined, end)
    return [...(events.slice(0, -1) as StreamEvent[]), end]
  }

  #describe(error: unknown): DuoModelError {
    const deployment = this.#sent?.deployment
    const failure = this.#call.failure ?? asDuoModelError(error, deployment?.platform ?? 'unknown')
    this.#call.abandonAttempt()
    this.#end(failure)
    return failure.addContext({
      requestId: this.#call.requestId,
      deployment: deployment?.name,
      platform: deployment?.platform,
    })
  }

  #end(failure: DuoModelError | undefined, answer?: CallAnswer): void {
    if (this.#ended) return
    this.#ended = true
    this.#call.end()
    this.#sent?.permit.release(failure, answer?.usage)
    this.#onEnd(answer, failure)
  }
}
