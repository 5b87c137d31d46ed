import type { AbortSource } from '../abort-source.js'
import type { AdapterResponse } from '../adapter-response.js'
import { DuoModelError } from '../errors/duo-model-error.js'
import type { ErrorPhase } from '../errors/error-phase.js'
import type { AdapterEvent } from '../stream-event.js'
import { abortedByCaller, type DescribeFailure } from '../transport/call.js'
import type { RequestContext } from '../transport/request-context.js'
import type { ChunkForms } from './chunk-forms.js'
import { EventBatches, type EventSource } from './event-batches.js'
import type { JsonObject } from './json.js'
import { responseEvents } from './response-events.js'
import { OpenAIStreamReader, type StreamFailures } from './stream-reader.js'

/** One of several requests that share one call: how to know that its caller gave up, and how to make its errors. */
export interface SharedCaller {
  readonly signal: AbortSource
  readonly context: RequestContext
  readonly failures: StreamFailures
}

/** The call that several streams share. */
export interface ChoiceOwner {
  /** How far the request has come while no content is here. */
  readonly phase: ErrorPhase
  /** Sends the request; only the first call counts. */
  start(): void
  /** A stream is complete, has failed or was given up. */
  onClosed(): void
  /** A stream that held up the others does no longer. */
  onRelief(): void
}

/** What may wait for one slow reader before the socket is no longer read, in characters. */
const highWaterMark = 64 * 1024

/** The stream of one choice of an answer: it ends, fails and is given up on its own. */
export class ChoiceStream implements EventSource {
  readonly batches = new EventBatches(this)
  readonly caller: SharedCaller
  readonly #owner: ChoiceOwner
  readonly #index: number
  readonly #reader: OpenAIStreamReader
  #wholeEvents: readonly AdapterEvent[] | undefined
  /** What its caller is told when the read that brought it is over. */
  #failure: Error | undefined
  #isOpen = true
  #isComplete = false
  #isFull = false

  constructor(owner: ChoiceOwner, caller: SharedCaller, forms: ChunkForms | undefined, index: number) {
    this.#owner = owner
    this.caller = caller
    this.#index = index
    this.#reader = new OpenAIStreamReader(caller.failures, undefined, forms, index)
  }

  /** Whether its caller still waits for the rest. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether the server has ended it, whoever reads it. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  /** Whether so much waits for its reader that the socket must not be read. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Begins to listen to the caller's signal. */
  listen(): void {
    const { signal } = this.caller
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  start(): void {
    this.#owner.start()
  }

  take(): readonly AdapterEvent[] {
    const events = this.#wholeEvents ?? this.#reader.takeEvents()
    this.#wholeEvents = undefined
    this.#relieve()
    return events
  }

  // The socket is read on by itself as soon as no stream is full.
  resume(): void {}

  cancel(): void {
    this.#close()
  }

  /** Takes a chunk of this choice; `data` is its text, where it may be learned from. */
  read(chunk: JsonObject, data: string | undefined): void {
    this.#attempt(() => {
      this.#reader.readParsed(chunk, data)
      // Its usage is on this very chunk: there is nothing to wait for, as there is where the last chunk has it.
      this.#reader.tryToComplete()
    })
  }

  /** Takes an event that is about every choice: an error, the end. */
  readCommon(data: string, type: string | undefined): void {
    this.#attempt(() => this.#reader.read(data, type))
  }

  /** Takes the event at `start`, if it has the form of one before; -1 where it must be parsed. */
  readWholeEvent(events: string, start: number): number {
    return this.#isOpen && this.#failure === undefined ? this.#reader.readWholeEvent(events, start) : -1
  }

  /** The body is over. */
  end(rest: string | undefined): void {
    this.#attempt(() => this.#reader.end(rest))
  }

  /** Takes an answer that came in one piece. */
  readWhole(read: (index: number) => AdapterResponse): void {
    this.#attempt(() => {
      // The count is that of all choices together.
      this.#wholeEvents = responseEvents({ ...read(this.#index), usage: {} })
      this.#isComplete = true
    })
  }

  /** The server has ended a choice that nobody reads any more. */
  markComplete(): void {
    this.#isComplete = true
  }

  /** The read is over: tells the caller what it brought. */
  tell(): void {
    if (!this.#isOpen) return
    if (this.#reader.hasEvents || this.#wholeEvents) this.batches.notify()
    // Whoever was told may have given up.
    if (!this.#isOpen) return
    if (this.#failure) this.fail(this.#failure)
    else if (this.#isComplete) this.#complete()
    else this.#isFull = !this.batches.isAwaited && this.#reader.waitingSize > highWaterMark
  }

  /** The call failed. */
  failAs(describe: DescribeFailure): void {
    if (this.#isOpen) this.fail(describe(this.caller.context, this.#reader))
  }

  /** Ends it with an error. What had come before is still handed over, unless the caller gave up. */
  fail(error: Error): void {
    if (!this.#isOpen) return
    this.#close()
    const isAbort = DuoModelError.is(error, 'aborted')
    if (!isAbort && this.#reader.hasEvents) this.batches.notify()
    this.batches.fail(error, isAbort)
  }

  readonly #onAbort = (): void => {
    const { context, signal } = this.caller
    this.fail(abortedByCaller(context, this.#reader, this.#owner.phase, signal.reason))
  }

  /** What goes wrong is this caller's alone, and told after the read: nothing may run in the middle of it. */
  #attempt(read: () => void): void {
    if (!this.#isOpen || this.#failure !== undefined) return
    try {
      read()
      this.#isComplete ||= this.#reader.isComplete
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error))
    }
  }

  #complete(): void {
    this.#close()
    this.batches.end()
  }

  #close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.caller.signal.removeEventListener('abort', this.#onAbort)
    this.#relieve()
    this.#owner.onClosed()
  }

  #relieve(): void {
    if (!this.#isFull) return
    this.#isFull = false
    this.#owner.onRelief()
  }
}
