import { ConfigurationError } from '@duo-models/adapters'
import type { BatchInput } from './batch-options.js'

/** Any iterable, or any asynchronous one, of what a batch is made of. */
export type BatchRequests = Iterable<BatchInput> | AsyncIterable<BatchInput>

type AnyIterator = Iterator<BatchInput, unknown> | AsyncIterator<BatchInput, unknown>
type AnyResult = IteratorResult<BatchInput, unknown>

/** The requests of a batch, taken one by one. Its iterator is made with the first one. */
export class BatchSource {
  readonly #requests: BatchRequests
  #iterator: AnyIterator | undefined
  #isDone = false

  /** @throws ConfigurationError where it cannot be iterated. */
  constructor(requests: BatchRequests) {
    if (!isIterable(requests))
      throw new ConfigurationError({
        message: `client.batch() takes a list of requests, or any iterable of them; it was given ${describe(requests)}.`,
      })
    this.#requests = requests
  }

  /** How many requests there are, where the source tells before it is read. */
  get size(): number | undefined {
    const requests = this.#requests
    if (Array.isArray(requests)) return requests.length
    return requests instanceof Set || requests instanceof Map ? requests.size : undefined
  }

  /** The next request; at once where the source can. */
  next(): AnyResult | PromiseLike<AnyResult> {
    this.#iterator ??= open(this.#requests)
    return this.#iterator.next()
  }

  /** The source has ended by itself, or failed: there is nothing to close any more. */
  markDone(): void {
    this.#isDone = true
  }

  /** Tells the source that no more is wanted, once, so that it can close its files. */
  async close(): Promise<void> {
    if (this.#isDone) return
    this.#isDone = true
    await this.#iterator?.return?.()
  }
}

function open(requests: BatchRequests): AnyIterator {
  return Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]()
}

function isIterable(requests: unknown): boolean {
  return (
    typeof requests === 'object' &&
    requests !== null &&
    (Symbol.asyncIterator in requests || Symbol.iterator in requests)
  )
}

function describe(given: unknown): string {
  if (typeof given === 'object' && given !== null)
    return 'an object that is not iterable; put a single request into a list'
  return given === null || given === undefined ? String(given) : `a ${typeof given}`
}
