import type { AdapterResponse } from '../adapter-response.js'
import { DuoModelError } from '../errors/duo-model-error.js'
import type { AdapterEvent } from '../stream-event.js'
import { type BodyReader, Call, type CallOptions, type CallOwner } from '../transport/call.js'
import { type HttpHeaders, headerValue } from '../transport/http-exchange.js'
import type { ChunkForms } from './chunk-forms.js'
import type { ReadContentFilters } from './content-filter-reader.js'
import { EventBatches, type EventSource } from './event-batches.js'
import { EventStreamBody } from './event-stream-body.js'
import { responseEvents } from './response-events.js'
import { OpenAIStreamReader, type StreamFailures } from './stream-reader.js'
import { WholeBody } from './whole-body.js'

/** What a streamed call is made of. */
export interface StreamCallOptions extends CallOptions {
  readonly failures: StreamFailures
  readonly readContentFilters?: ReadContentFilters | undefined
  /** What the streams of one server learn about its chunks. Default: each stream learns by itself. */
  readonly forms?: ChunkForms | undefined
}

/** Data that may wait for a slow consumer before the socket is no longer read. */
const highWaterMarkBytes = 64 * 1024

/** Sends a streamed request when the first batch is asked for, and yields what comes. */
export function streamCall(options: StreamCallOptions): AsyncIterable<readonly AdapterEvent[]> {
  return new StreamCall(options).batches
}

class StreamCall implements EventSource, CallOwner {
  readonly batches = new EventBatches(this)
  readonly #options: StreamCallOptions
  readonly #reader: OpenAIStreamReader
  readonly #call: Call
  #wholeEvents: readonly AdapterEvent[] | undefined
  #waitingBytes = 0
  #isPaused = false

  constructor(options: StreamCallOptions) {
    this.#options = options
    this.#reader = new OpenAIStreamReader(options.failures, options.readContentFilters, options.forms)
    this.#call = new Call(options, this)
  }

  start(): void {
    this.#call.start()
  }

  take(): readonly AdapterEvent[] {
    this.#waitingBytes = 0
    const whole = this.#wholeEvents
    this.#wholeEvents = undefined
    return whole ?? this.#reader.takeEvents()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#call.resume()
  }

  cancel(): void {
    this.#call.cancel()
  }

  openBody(status: number, headers: HttpHeaders): BodyReader {
    const contentType = headerValue(headers, 'content-type') ?? ''
    const { failures, context, readContentFilters } = this.#options
    // A gateway may leave the type out; everything else that is no event stream is one whole body.
    if (contentType !== '' ? /^text\/event-stream\b/i.test(contentType.trim()) : status !== 204)
      return new EventStreamBody(this.#reader, failures, (bytes) => this.#onProgress(bytes))
    return new WholeBody({
      context,
      status,
      contentType,
      failures,
      readContentFilters,
      onResponse: (response) => this.#takeWhole(response),
    })
  }

  onFailure(error: Error): void {
    const isAbort = DuoModelError.is(error, 'aborted')
    if (!isAbort && this.#reader.hasEvents) this.batches.notify()
    this.batches.fail(error, isAbort)
  }

  #onProgress(bytes: number): void {
    this.#waitingBytes += bytes
    if (this.#reader.hasEvents) this.batches.notify()
    if (this.#reader.isComplete) {
      this.batches.end()
      this.#call.finish()
    } else if (!this.batches.isAwaited && this.#waitingBytes > highWaterMarkBytes) {
      this.#isPaused = true
      this.#call.pause()
    }
  }

  #takeWhole(response: AdapterResponse): void {
    this.#wholeEvents = responseEvents(response)
    this.batches.notify()
    this.batches.end()
    this.#call.finish()
  }
}
