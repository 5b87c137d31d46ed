/** A failure is tried again by the first caller after this time. */
const retryAfterMs = 30_000

/**
 * Asks a question once and shares the answer with every caller. A question that came to nothing is `undefined`, and may
 * be asked again after 30 s: the server may have been starting.
 */
export class Once<Answer> {
  readonly #ask: () => Promise<Answer | undefined>
  readonly #now: () => number
  #answer: Promise<Answer | undefined> | undefined
  #failedAtMs: number | undefined

  /** @param now a clock in milliseconds that never goes back */
  constructor(ask: () => Promise<Answer | undefined>, now: () => number = () => performance.now()) {
    this.#ask = ask
    this.#now = now
  }

  /** The answer; never rejects. */
  get(): Promise<Answer | undefined> {
    const isStale = this.#failedAtMs !== undefined && this.#now() - this.#failedAtMs > retryAfterMs
    if (!this.#answer || isStale) {
      this.#failedAtMs = undefined
      this.#answer = this.#try()
    }
    return this.#answer
  }

  async #try(): Promise<Answer | undefined> {
    const answer = await this.#ask().catch(() => undefined)
    if (answer === undefined) this.#failedAtMs = this.#now()
    return answer
  }
}
