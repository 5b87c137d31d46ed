import type { BatchIterator, BatchReceiver } from '../batch-iterator.js'
import type { AdapterEvent } from '../stream-event.js'

/** Where batches of events come from. */
export interface EventSource {
  /** Begins to send; called at the first request for a batch. */
  start(): void
  /** Hands over the events that wait. */
  take(): readonly AdapterEvent[]
  /** Lets more data come. It may report progress before it returns. */
  resume(): void
  /** Nobody wants more. */
  cancel(): void
}

type BatchResult = IteratorResult<readonly AdapterEvent[], undefined>

/**
 * The iterator over a stream's batches. A receiver is handed a batch as soon as there is one. A consumer of `next()` is
 * woken in a microtask, after the socket's read was decoded to its end, so that one read makes one batch however many
 * events it holds.
 */
export class EventBatches
  implements BatchIterator, AsyncIterableIterator<readonly AdapterEvent[], undefined, undefined>
{
  readonly #source: EventSource
  #receiver: BatchReceiver | undefined
  /** The request that waits for events. */
  #current: Promise<BatchResult> | undefined
  /** The last request in line: the current one, or one that waits for its turn. */
  #last: Promise<BatchResult> | undefined
  #wake: (() => void) | undefined
  #hasEvents = false
  #state: 'new' | 'open' | 'ended' = 'new'
  #failure: Error | undefined

  constructor(source: EventSource) {
    this.#source = source
  }

  /** Whether a consumer waits for events. */
  get isAwaited(): boolean {
    return this.#receiver !== undefined || this.#last !== undefined
  }

  /** Events wait to be taken. */
  notify(): void {
    this.#hasEvents = true
    this.#tell()
  }

  /** No event comes after those that wait. */
  end(): void {
    this.#state = 'ended'
    this.#tell()
  }

  /** The stream failed. Events that wait are still handed over, unless the caller gave up. */
  fail(error: Error, dropsEvents: boolean): void {
    this.#failure = error
    this.#state = 'ended'
    if (dropsEvents) this.#hasEvents = false
    this.#tell()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  handOver(receiver: BatchReceiver): void {
    this.#receiver = receiver
    if (this.#hasEvents || this.#state === 'ended') this.#tell()
    else this.#proceed()
  }

  next(): Promise<BatchResult> {
    if (this.#last !== undefined) return this.#queue(this.#last)
    this.#last = this.#request()
    return this.#last
  }

  async return(): Promise<BatchResult> {
    if (this.#state !== 'ended') this.#source.cancel()
    this.#state = 'ended'
    this.#hasEvents = false
    this.#failure = undefined
    this.#tell()
    return { done: true, value: undefined }
  }

  /** Something is there for whoever waits. */
  #tell(): void {
    const receiver = this.#receiver
    if (receiver === undefined) {
      this.#wake?.()
      return
    }
    this.#receiver = undefined
    if (this.#hasEvents) {
      this.#hasEvents = false
      receiver.take(this.#source.take())
      return
    }
    const failure = this.#takeFailure()
    if (failure) receiver.fail(failure)
    else receiver.end()
  }

  #request(): Promise<BatchResult> {
    // The promise that is woken is not the one that is waited for: events are taken in the microtask between them.
    const request = new Promise<void>(this.#keepWake).then(this.#settle)
    this.#current = request
    if (this.#hasEvents || this.#state === 'ended') this.#wake?.()
    else this.#proceed()
    return request
  }

  /** A request that comes while another one waits takes its turn. */
  #queue(before: Promise<BatchResult>): Promise<BatchResult> {
    const ask = (): Promise<BatchResult> => {
      const request = this.#request()
      if (this.#last === turn) this.#last = request
      return request
    }
    const turn: Promise<BatchResult> = before.then(ask, ask)
    this.#last = turn
    return turn
  }

  #proceed(): void {
    if (this.#state === 'open') {
      this.#source.resume()
      return
    }
    this.#state = 'open'
    this.#source.start()
  }

  readonly #keepWake = (wake: () => void): void => {
    this.#wake = wake
  }

  readonly #settle = (): BatchResult => {
    this.#wake = undefined
    if (this.#last === this.#current) this.#last = undefined
    if (this.#hasEvents) {
      this.#hasEvents = false
      return { done: false, value: this.#source.take() }
    }
    const failure = this.#takeFailure()
    if (failure) throw failure
    return { done: true, value: undefined }
  }

  #takeFailure(): Error | undefined {
    const failure = this.#failure
    this.#failure = undefined
    return failure
  }
}
