import type { AbortSource, AdapterCall, ServerReport } from '@duo-models/adapters'
import type { Priority } from './scheduling/priority.js'

/** Whoever is told what a server says about itself. */
export interface ReportListener {
  report(report: ServerReport): void
}

/** One attempt as its adapter sees it. An adapter that listens to the attempt itself saves the making of a signal. */
export class AttemptCall implements AdapterCall, AbortSource {
  readonly requestId: string
  readonly priority: Priority
  readonly isCollected: boolean
  readonly #listener: ReportListener | undefined
  #aborted = false
  #listeners: (() => void)[] = []
  #controller: AbortController | undefined

  /**
   * @param listener told what the server says about itself, where that is of use
   * @param isCollected whether a stream is put together again
   */
  constructor(
    requestId: string,
    priority: Priority = 'interactive',
    listener?: ReportListener,
    isCollected: boolean = false,
  ) {
    this.requestId = requestId
    this.isCollected = isCollected
    this.priority = priority
    this.#listener = listener
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

  onServerReport(report: ServerReport): void {
    this.#listener?.report(report)
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
