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

interface Waiter {
  resolve(result: IteratorResult<readonly AdapterEvent[], undefined>): void
  reject(error: Error): void
}

/**
 * The iterator over a stream's batches. A waiting consumer is woken in a microtask, after the socket's read was
 * decoded to its end, so that one read makes one batch however many events it holds.
 */
export class EventBatches implements AsyncIterableIterator<readonly AdapterEvent[], undefined, undefined> {
  readonly #source: EventSource
  #waiter: Waiter | undefined
  #queue: Promise<unknown> = Promise.resolve()
  #isWakeDue = false
  #hasEvents = false
  #state: 'new' | 'open' | 'ended' = 'new'
  #failure: Error | undefined

  constructor(source: EventSource) {
    this.#source = source
  }

  /** Whether a consumer waits for events. */
  get isAwaited(): boolean {
    return this.#waiter !== undefined
  }

  /** Events wait to be taken. */
  notify(): void {
    this.#hasEvents = true
    this.#wake()
  }

  /** No event comes after those that wait. */
  end(): void {
    this.#state = 'ended'
    this.#wake()
  }

  /** The stream failed. Events that wait are still handed over, unless the caller gave up. */
  fail(error: Error, dropsEvents: boolean): void {
    this.#failure = error
    this.#state = 'ended'
    if (dropsEvents) this.#hasEvents = false
    this.#wake()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<readonly AdapterEvent[], undefined>> {
    if (!this.#waiter) return this.#request()
    // A second request while the first one waits takes its turn.
    const turn = this.#queue.then(() => this.next())
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async return(): Promise<IteratorResult<readonly AdapterEvent[], undefined>> {
    if (this.#state === 'open') this.#source.cancel()
    this.#state = 'ended'
    this.#hasEvents = false
    this.#failure = undefined
    this.#wake()
    return { done: true, value: undefined }
  }

  #request(): Promise<IteratorResult<readonly AdapterEvent[], undefined>> {
    const promise = new Promise<IteratorResult<readonly AdapterEvent[], undefined>>((resolve, reject) => {
      this.#waiter = { resolve, reject }
    })
    this.#queue = promise.catch(() => undefined)
    if (this.#hasEvents || this.#state === 'ended') this.#settle()
    else this.#proceed()
    return promise
  }

  #proceed(): void {
    if (this.#state === 'open') {
      this.#source.resume()
      return
    }
    this.#state = 'open'
    this.#source.start()
  }

  #wake(): void {
    if (!this.#waiter || this.#isWakeDue) return
    this.#isWakeDue = true
    queueMicrotask(this.#settleLater)
  }

  readonly #settleLater = (): void => {
    this.#isWakeDue = false
    this.#settle()
  }

  #settle(): void {
    const waiter = this.#waiter
    if (!waiter) return
    this.#waiter = undefined
    if (this.#hasEvents) {
      this.#hasEvents = false
      waiter.resolve({ done: false, value: this.#source.take() })
      return
    }
    const failure = this.#failure
    this.#failure = undefined
    if (failure) waiter.reject(failure)
    else waiter.resolve({ done: true, value: undefined })
  }
}
