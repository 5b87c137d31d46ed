import type { Buffer } from 'node:buffer'
import type { PartialResponse } from '../errors/partial-response.js'
import type { BodyReader } from '../transport/call.js'
import { EventTooLongError, ServerSentEventDecoder } from '../wire/server-sent-events.js'
import type { StreamFailures } from './stream-reader.js'

/** What takes the events of a body. */
export interface EventReader {
  /** Takes the data of one event, and its type where the server named one. It may throw. */
  read(data: string, type: string | undefined): void
  /** Takes the event that begins at `start`; tells where the next one begins, or -1 to have it decoded first. */
  readWholeEvent(events: string, start: number): number
  /** The body is over; `rest` is an event whose end is missing. It may throw. */
  end(rest: string | undefined): void
  /** The connection broke. Completes the answer if all of its content had come, and says whether it had. */
  tryToComplete(): boolean
  readonly partial: PartialResponse | undefined
  readonly hasContent: boolean
}

/** Reads a body of server-sent events. */
export class EventStreamBody implements BodyReader {
  readonly #reader: EventReader
  readonly #decoder: ServerSentEventDecoder
  readonly #failures: Pick<StreamFailures, 'protocol'>
  readonly #onProgress: (bytes: number) => void

  /** @param onProgress told how many bytes were read, after what they hold was handed to `reader` */
  constructor(reader: EventReader, failures: Pick<StreamFailures, 'protocol'>, onProgress: (bytes: number) => void) {
    this.#reader = reader
    this.#failures = failures
    this.#onProgress = onProgress
    this.#decoder = new ServerSentEventDecoder((data, type) => reader.read(data, type), {
      readWholeEvent: (text, start) => reader.readWholeEvent(text, start),
    })
  }

  get partial(): PartialResponse | undefined {
    return this.#reader.partial
  }

  get hasContent(): boolean {
    return this.#reader.hasContent
  }

  add(chunk: Buffer): void {
    try {
      this.#decoder.push(chunk)
    } catch (error) {
      if (error instanceof EventTooLongError) throw this.#tooLong(error)
      throw error
    }
    this.#onProgress(chunk.length)
  }

  end(): void {
    this.#reader.end(this.#decoder.end())
    this.#onProgress(0)
  }

  tryToComplete(): boolean {
    const isComplete = this.#reader.tryToComplete()
    if (isComplete) this.#onProgress(0)
    return isComplete
  }

  #tooLong(error: EventTooLongError): Error {
    const phase = this.#reader.hasContent ? 'stream' : 'first-token'
    return this.#failures.protocol(`sent an event longer than ${error.maxEventBytes} bytes`, {
      phase,
      partial: this.partial,
    })
  }
}
