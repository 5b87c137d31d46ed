import {
  type AdapterEvent,
  type DuoModelError,
  type OutputCleaner,
  type StreamEvent,
  StreamInterruptedError,
} from '@duo-models/adapters'
import type { Call } from './call.js'
import { cleanEvents } from './clean-output.js'
import { type Attempt, asDuoModelError, type Sent } from './send-request.js'
import { countContent, isContent, StreamTiming } from './stream-timing.js'

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

type ClientEvents = readonly StreamEvent[]

/** Whoever waits for the events of a read. */
interface Waiter {
  resolve(events: ClientEvents): void
  reject(error: DuoModelError): void
}

/** Gives the events of one streamed answer, a read at a time, as the caller sees them: cleaned, timed, complete. */
export class StreamSource {
  readonly #call: Call
  readonly #open: () => Promise<Sent<OpenedStream>>
  readonly #onEnd: () => void
  readonly #timing = new StreamTiming()
  #sent: Sent<OpenedStream> | undefined
  #cleaner: OutputCleaner | undefined
  #waiter: Waiter | undefined
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

  /** The events of the next read; `undefined` after the last one. One request at a time. */
  next(): Promise<ClientEvents | undefined> {
    if (this.#ended) return Promise.resolve(undefined)
    return this.#sent === undefined ? this.#begin() : new Promise(this.#read)
  }

  /** Ends the answer early; the socket closes. */
  stop(failure: DuoModelError): void {
    if (this.#ended) return
    this.#call.fail(failure)
    this.#end()
  }

  async #begin(): Promise<ClientEvents> {
    try {
      this.#sent = await this.#open()
      this.#cleaner = this.#sent.prepared.createCleaner?.()
      const { first } = this.#sent.result
      return this.#finish(first, countContent(first), this.#call.elapsedMs())
    } catch (error) {
      throw this.#describe(error)
    }
  }

  /** Runs once per read of the socket: the functions it hands over are made once, and there is one promise in between. */
  readonly #read = (resolve: Waiter['resolve'], reject: Waiter['reject']): void => {
    this.#waiter = { resolve, reject }
    this.#call.watchdog.startWaiting()
    this.#call.onFailure(this.#fail)
    this.#sent?.result.iterator.next().then(this.#take, this.#fail)
  }

  readonly #take = (item: IteratorResult<EventBatch>): void => {
    const waiter = this.#waiter
    if (waiter === undefined) return
    if (item.done === true) {
      this.#fail(interrupted())
      return
    }
    try {
      const events = this.#receive(item.value)
      this.#waiter = undefined
      waiter.resolve(events)
    } catch (error) {
      this.#fail(error)
    }
  }

  readonly #fail = (error: unknown): void => {
    const waiter = this.#waiter
    this.#waiter = undefined
    // The adapter knows only that its signal fired; the attempt knows why.
    waiter?.reject(this.#describe(this.#call.attemptFailure ?? error))
  }

  #receive(batch: EventBatch): ClientEvents {
    const content = countContent(batch)
    const nowMs = this.#call.elapsedMs()
    this.#call.watchdog.stopWaiting(content > 0)
    return this.#finish(batch, content, nowMs)
  }

  /** Times the events of one read and adds what only this side knows to the last one of all. */
  #finish(batch: EventBatch, content: number, elapsedMs: number): ClientEvents {
    this.#timing.record(content, elapsedMs)
    const events = this.#cleaner === undefined ? batch : cleanEvents(batch, this.#cleaner)
    const last = events[events.length - 1]
    if (last?.type !== 'response-end') return events as ClientEvents
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
