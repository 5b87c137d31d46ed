/** The share of answers that are quicker than what is taken for the quickest. */
const quickShare = 0.05
const learningRate = 0.05
/** Before so many answers nothing is concluded. */
const leastAnswers = 20

/** How long an answer takes at the least, learned from those that came: one in twenty is quicker. */
export class ServiceTime {
  #quickMs = 0
  #answers = 0

  /** Hardly any answer takes less, in milliseconds; 0 while too little is known. */
  get quickMs(): number {
    return this.#answers < leastAnswers ? 0 : this.#quickMs
  }

  /** An answer took so long. */
  add(elapsedMs: number): void {
    this.#answers += 1
    if (this.#answers === 1) this.#quickMs = elapsedMs
    else if (this.#answers <= leastAnswers) this.#quickMs = Math.min(this.#quickMs, elapsedMs)
    else this.#quickMs *= 1 + learningRate * (elapsedMs > this.#quickMs ? quickShare : quickShare - 1)
  }
}
