import type { AbortSource, AdapterCall } from '@duo-models/adapters'

/** One attempt as its adapter sees it. An adapter that listens to the attempt itself saves the making of a signal. */
export class AttemptCall implements AdapterCall, AbortSource {
  readonly requestId: string
  #aborted = false
  #listeners: (() => void)[] = []
  #controller: AbortController | undefined

  constructor(requestId: string) {
    this.requestId = requestId
  }

  get abortSource(): this {
    return this
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#aborted) this.#controller.abort()
    }
    return this.#controller.signal
  }

  get aborted(): boolean {
    return this.#aborted
  }

  /** What a signal that was aborted without a reason says. */
  get reason(): unknown {
    return this.#aborted ? this.signal.reason : undefined
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.#aborted) this.#listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener)
  }

  /** Gives the attempt up; a second time changes nothing. */
  abort(): void {
    if (this.#aborted) return
    this.#aborted = true
    const listeners = this.#listeners
    this.#listeners = []
    for (const listener of listeners) listener()
    this.#controller?.abort()
  }
}
