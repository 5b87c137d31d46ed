/**
 * A signal that fires with another one or after a while, whichever comes first. It is no `AbortSignal.any` of a time-out:
 * on Node 20 such a signal may be collected before it fires, and what waits for it never ends.
 */
export class LimitedSignal {
  readonly #controller = new AbortController()
  readonly #other: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout
  #isTimeUp = false

  constructor(timeoutMs: number, other?: AbortSignal) {
    this.#other = other
    this.#timer = setTimeout(this.#onTimeUp, Math.min(timeoutMs, 2 ** 31 - 1))
    // The request it is for keeps the process alive as long as need be.
    this.#timer.unref()
    if (other?.aborted) this.#onAbort()
    else other?.addEventListener('abort', this.#onAbort)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Whether it fired because the time was up, and for no other reason. */
  get isTimeUp(): boolean {
    return this.#isTimeUp
  }

  /** Ends timer and listener. */
  dispose(): void {
    clearTimeout(this.#timer)
    this.#other?.removeEventListener('abort', this.#onAbort)
  }

  readonly #onTimeUp = (): void => {
    if (this.signal.aborted) return
    this.#isTimeUp = true
    this.#controller.abort()
  }

  readonly #onAbort = (): void => this.#controller.abort(this.#other?.reason)
}
