import type { AdapterEvent } from '../stream-event.js'

type Batch = readonly AdapterEvent[]
type Source = AsyncIterable<Batch>

/** A stream that has to be prepared before it can be sent. Preparing begins when the first batch is asked for. */
export class DeferredBatches implements AsyncIterableIterator<Batch, undefined, undefined> {
  readonly #prepare: () => Promise<Source>
  #preparing: Promise<void> | undefined
  #source: AsyncIterator<Batch> | undefined
  #isClosed = false

  constructor(prepare: () => Promise<Source>) {
    this.#prepare = prepare
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Batch, undefined>> {
    if (this.#isClosed) return { done: true, value: undefined }
    if (this.#source) return this.#source.next()
    this.#preparing ??= this.#open()
    await this.#preparing
    // Given up while it was prepared: a source that was never asked has sent nothing.
    if (this.#isClosed) return { done: true, value: undefined }
    return this.next()
  }

  async return(): Promise<IteratorResult<Batch, undefined>> {
    this.#isClosed = true
    await this.#source?.return?.()
    return { done: true, value: undefined }
  }

  async #open(): Promise<void> {
    try {
      this.#source = (await this.#prepare())[Symbol.asyncIterator]()
      if (this.#isClosed) await this.#source.return?.()
    } catch (error) {
      this.#isClosed = true
      throw error
    }
  }
}
