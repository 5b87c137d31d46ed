import type { BatchResult } from './batch-result.js'

type Step = IteratorResult<BatchResult, undefined>

interface Waiter {
  resolve(step: Step): void
  reject(error: unknown): void
}

const ended: Step = { value: undefined, done: true }

/** Hands results to their reader: in the order of the requests, or in the order they came. */
export class ResultChannel {
  readonly #ordered: boolean
  readonly #results = new Map<number, BatchResult>()
  readonly #waiters: Waiter[] = []
  #added = 0
  #nextKey = 0
  #ended = false
  #failure: { readonly error: unknown } | undefined

  constructor(ordered: boolean) {
    this.#ordered = ordered
  }

  /** Results that nobody has taken yet. */
  get size(): number {
    return this.#results.size
  }

  add(result: BatchResult): void {
    this.#results.set(this.#ordered ? result.index : this.#added, result)
    this.#added += 1
    while (this.#waiters.length > 0) {
      const next = this.#take()
      if (next === undefined) return
      this.#waiters.shift()?.resolve(next)
    }
  }

  /** The next result, the end, or, once, the failure. Several may be asked for at a time. */
  next(): Promise<Step> {
    const step = this.#take()
    if (step !== undefined) return Promise.resolve(step)
    if (this.#ended) return this.#finalStep()
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }))
  }

  /** No result will be added any more. Those there are come first, then the failure, then the end. */
  end(failure: { readonly error: unknown } | undefined): void {
    this.#ended = true
    this.#failure = failure
    for (const { resolve, reject } of this.#waiters.splice(0)) this.#finalStep().then(resolve, reject)
  }

  /** Forgets all results: nobody reads any more. */
  clear(): void {
    this.#results.clear()
  }

  #take(): Step | undefined {
    const result = this.#results.get(this.#nextKey)
    if (result === undefined) return undefined
    this.#results.delete(this.#nextKey)
    this.#nextKey += 1
    return { value: result, done: false }
  }

  #finalStep(): Promise<Step> {
    const failure = this.#failure
    this.#failure = undefined
    return failure === undefined ? Promise.resolve(ended) : Promise.reject(failure.error)
  }
}
