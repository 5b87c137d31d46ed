import { AbortedError } from '@duo-models/adapters'
import { addAbortListener, removeAbortListener } from '../abort-listeners.js'

/** One piece of work that several callers wait for. */
interface SharedWork<Result> {
  readonly result: Promise<Result>
  readonly controller: AbortController
  waiting: number
}

/** Lets callers who want the same thing at the same time share one piece of work. Nothing is kept after it ended. */
export class Coalescer<Result extends object> {
  readonly #running = new Map<string, SharedWork<Result>>()

  /**
   * Joins the work that goes on under this key, or starts it. Each caller has its own signal: one who gives up leaves
   * the others alone, and the last one to leave ends the work.
   * @throws AbortedError when `signal` fired; what the work throws otherwise.
   */
  run(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    if (signal?.aborted) return Promise.reject(abortedBy(signal))
    const work = this.#running.get(key) ?? this.#start(key, start)
    work.waiting += 1
    return new Promise<Result>((resolve, reject) => {
      const onAbort = (): void => {
        reject(abortedBy(signal))
        this.#leave(key, work)
      }
      if (signal !== undefined) addAbortListener(signal, onAbort)
      const done = (): void => {
        if (signal !== undefined) removeAbortListener(signal, onAbort)
      }
      work.result.finally(done).then((result) => resolve({ ...result }), reject)
    })
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<Result>): SharedWork<Result> {
    const controller = new AbortController()
    const forget = (): void => this.#forget(key, work)
    const work: SharedWork<Result> = { result: start(controller.signal), controller, waiting: 0 }
    this.#running.set(key, work)
    work.result.then(forget, forget)
    return work
  }

  #leave(key: string, work: SharedWork<Result>): void {
    work.waiting -= 1
    if (work.waiting > 0) return
    this.#forget(key, work)
    work.controller.abort()
  }

  /** Somebody may have started the same anew, after everybody had left this one. */
  #forget(key: string, work: SharedWork<Result>): void {
    if (this.#running.get(key) === work) this.#running.delete(key)
  }
}

function abortedBy(signal: AbortSignal | undefined): AbortedError {
  return new AbortedError({ message: 'The call was aborted by its signal.', cause: signal?.reason })
}
