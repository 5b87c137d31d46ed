import { AbortedError, ConfigurationError, type DuoModelError, type StreamEvent } from '@duo-models/adapters'
import type { ModelResponse } from './model-response.js'
import { type CollectedResponse, ResponseCollector } from './response-collector.js'

/** Whoever is told what a read brought. */
export interface StreamReceiver {
  /** All events of one read; `undefined` after the last one. */
  take(batch: readonly StreamEvent[] | undefined): void
  /** The answer failed; it may be told so between two reads. */
  fail(failure: DuoModelError): void
}

/** Where a stream's events come from, all those of one read at a time. */
export interface StreamEvents {
  /** Asks for one read, and tells the receiver what it brought. It may throw at once. */
  next(receiver: StreamReceiver): void
  stop(failure: DuoModelError): void
  /** Pieces of content that came from the server, those that were cleaned away included. */
  readonly contentEvents: number
  /** Adds what the events do not tell. */
  describe(collected: CollectedResponse): ModelResponse
}

type Result = IteratorResult<StreamEvent, undefined>

const finished: Result = Object.freeze({ value: undefined, done: true })

/**
 * Most characters that are kept for `response` while somebody else reads the events. A longer answer is delivered all
 * the same; only its collected copy is given up.
 */
const maxCollectedCharacters = 4 * 1024 * 1024

/**
 * A streamed answer. Read it once: with `for await`, with `text()`, or as a `ReadableStream`. Nothing is sent before
 * reading begins; leaving the loop early closes the socket; a failure is thrown by whatever reads.
 */
export class ModelStream implements AsyncIterable<StreamEvent> {
  readonly #events: StreamEvents
  #collector = new ResponseCollector(maxCollectedCharacters)
  #batch: readonly StreamEvent[] = []
  #index = 0
  #isAsking = false
  #refilling: Promise<Result> | undefined
  #settleRead: ((result: Result | Promise<Result>) => void) | undefined
  #reader: string | undefined
  readonly #receiver: StreamReceiver = { take: (batch) => this.#take(batch), fail: (failure) => this.#fail(failure) }
  #done = false
  #failure: DuoModelError | undefined
  /** An error is thrown once; who reads on after it finds the stream at its end, as with any iterator. */
  #failureThrown = false
  #response: Promise<ModelResponse> | undefined
  #settleResponse: { resolve(response: ModelResponse): void; reject(error: unknown): void } | undefined

  /** @internal Streams are made by `client.stream()`. */
  constructor(events: StreamEvents) {
    this.#events = events
  }

  /**
   * The whole answer, once it is complete. Reads the stream by itself if nobody else has begun to; while somebody
   * reads the events, it waits for them to come to the end.
   * @throws DuoModelError whatever ended the stream early, with what had arrived in `partial`.
   */
  get response(): Promise<ModelResponse> {
    this.#response ??= this.#createResponse()
    return this.#response
  }

  /**
   * Reads the stream to its end.
   * @returns the whole text
   * @throws DuoModelError whatever ended the stream early, with what had arrived in `partial`.
   */
  async text(): Promise<string> {
    this.#collectEverything()
    await this.#drain('text()')
    return (await this.response).text
  }

  /** Gives the stream up: the socket closes, and whoever reads gets an `aborted` error with this reason as its cause. */
  cancel(reason?: unknown): void {
    if (this.#done) return
    this.#fail(new AbortedError({ message: 'The stream was cancelled.', cause: reason }))
  }

  /** The events, one at a time. */
  [Symbol.asyncIterator](): AsyncIterator<StreamEvent, undefined> {
    this.#claim('for await')
    return {
      next: () => this.#next(),
      return: async () => {
        this.#leave()
        return { value: undefined, done: true }
      },
    }
  }

  /** The events as a web stream, which pulls: a slow reader slows the server. */
  toReadableStream(): ReadableStream<StreamEvent> {
    this.#claim('toReadableStream()')
    return new ReadableStream<StreamEvent>(
      {
        pull: async (controller) => {
          const item = await this.#next()
          if (item.done === true) controller.close()
          else controller.enqueue(item.value)
        },
        cancel: (reason) => this.cancel(reason),
      },
      { highWaterMark: 0 },
    )
  }

  #next(): Promise<Result> {
    for (;;) {
      const event = this.#batch[this.#index]
      if (event !== undefined) {
        this.#index += 1
        return Promise.resolve({ value: event, done: false })
      }
      if (this.#failure !== undefined && !this.#failureThrown) return this.#throwFailure(this.#failure)
      if (this.#done) return Promise.resolve(finished)
      // A reader that asks again before it has its answer waits for the same read.
      if (this.#refilling !== undefined) return this.#refilling.then(this.#nextLater, this.#nextLater)
      if (!this.#ask()) return this.#wait()
    }
  }

  readonly #nextLater = (): Promise<Result> => this.#next()

  /** Asks for one read; returns whether it was there already. */
  #ask(): boolean {
    this.#isAsking = true
    try {
      this.#events.next(this.#receiver)
    } catch (error) {
      this.#fail(error as DuoModelError)
    }
    return !this.#isAsking
  }

  /** One promise per read: the source calls back, so that no other one stands between the socket and the reader. */
  #wait(): Promise<Result> {
    this.#refilling = new Promise(this.#keepSettle)
    return this.#refilling
  }

  readonly #keepSettle = (settle: (result: Result | Promise<Result>) => void): void => {
    this.#settleRead = settle
  }

  #settle(result?: Result): void {
    const settle = this.#settleRead
    this.#settleRead = undefined
    this.#refilling = undefined
    settle?.(result ?? this.#next())
  }

  /** Gives a waiting reader the first event of a read at once: where reads hold one event, this is all there is to do. */
  #take(batch: readonly StreamEvent[] | undefined): void {
    this.#isAsking = false
    if (this.#done) return
    if (batch === undefined) {
      this.#finish()
      this.#settle(finished)
      return
    }
    this.#collect(batch)
    this.#batch = batch
    this.#index = 0
    if (this.#settleRead === undefined) return
    const event = batch[this.#index++]
    this.#settle(event && { value: event, done: false })
  }

  #collect(batch: readonly StreamEvent[]): void {
    const collector = this.#collector
    for (let index = 0; index < batch.length; index++) collector.add(batch[index] as StreamEvent)
  }

  #finish(): void {
    this.#done = true
    if (this.#settleResponse !== undefined) this.#settleFinished()
  }

  #fail(failure: DuoModelError): void {
    this.#isAsking = false
    if (this.#done) return
    this.#done = true
    this.#failure = failure.addContext({ partial: this.#collector.partial(this.#events.contentEvents) })
    this.#batch = []
    this.#events.stop(failure)
    this.#settleResponse?.reject(failure)
    if (this.#settleRead !== undefined) this.#settle()
  }

  #throwFailure(failure: DuoModelError): Promise<never> {
    this.#failureThrown = true
    return Promise.reject(failure)
  }

  /** The reader left the loop. */
  #leave(): void {
    if (this.#done) return
    this.#fail(new AbortedError({ message: 'The reader left the stream before its end.' }))
    this.#failureThrown = true
  }

  #claim(reader: string): void {
    if (this.#reader !== undefined)
      throw new ConfigurationError({
        message: `This stream is already read by ${this.#reader}; an answer can be read once. Use \`stream.response\` for the whole answer beside it, or call \`client.stream()\` again.`,
      })
    this.#reader = reader
  }

  async #drain(reader: string): Promise<void> {
    this.#claim(reader)
    for (;;) if ((await this.#next()).done === true) return
  }

  /** Lifts the bound on what is kept, where the whole answer is what was asked for. */
  #collectEverything(): void {
    if (this.#reader === undefined) this.#collector = new ResponseCollector()
  }

  #createResponse(): Promise<ModelResponse> {
    const response = new Promise<ModelResponse>((resolve, reject) => {
      this.#settleResponse = { resolve, reject }
    })
    // Whoever reads the events gets the error; a `response` nobody waits for must not end the process.
    response.catch(() => {})
    this.#startResponse()
    return response
  }

  #startResponse(): void {
    if (this.#done) {
      this.#settleFinished()
    } else if (this.#reader === undefined) {
      this.#collectEverything()
      this.#drain('`response`').catch(() => {})
    }
  }

  /** The stream had ended before anybody asked for the response. */
  #settleFinished(): void {
    const collected = this.#collector.complete()
    if (collected !== undefined) this.#resolveResponse(collected)
    else this.#settleResponse?.reject(this.#failure)
  }

  #resolveResponse(collected: CollectedResponse): void {
    if (this.#collector.overflowed) this.#settleResponse?.reject(tooLongToKeep())
    else this.#settleResponse?.resolve(this.#events.describe(collected))
  }
}

function tooLongToKeep(): ConfigurationError {
  return new ConfigurationError({
    message: `The answer was longer than the ${maxCollectedCharacters} characters that are kept beside a reader. Ask for \`stream.response\` before reading the events, or collect the text from them.`,
  })
}
