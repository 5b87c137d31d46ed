/** A pace is worked out again when so much has come since the last time. */
const leastPieces = 20
const leastMs = 50
const smoothing = 0.3

/**
 * How long the server takes from one token of a stream to the next, over all streams together: the pace of its steps. It
 * follows from streams under way and pieces of content that came, so no stream has to be timed by itself.
 */
export class TokenPace {
  #streams = 0
  #pieces = 0
  #markedAt = Number.NaN
  /** Streams under way, added up over time since the last mark, and until when. */
  #streamMs = 0
  #addedUntil = Number.NaN
  #interTokenMs: number | undefined

  /** Streams between their first token and their end. */
  get streams(): number {
    return this.#streams
  }

  /** Mean time between two pieces of one stream, in milliseconds; `undefined` before anything is known. */
  get interTokenMs(): number | undefined {
    return this.#interTokenMs
  }

  /** A stream has begun to write. */
  begin(now: number): void {
    this.#addUp(now)
    this.#streams += 1
  }

  /** Pieces of content came. */
  count(pieces: number): void {
    this.#pieces += pieces
  }

  /** A stream that had begun is over. */
  end(now: number): void {
    this.#addUp(now)
    this.#streams -= 1
    if (this.#streams === 0) this.#mark(now)
  }

  /** Takes note of what came. */
  measure(now: number): void {
    this.#addUp(now)
    if (this.#pieces < leastPieces || now - this.#markedAt < leastMs) return
    const interTokenMs = this.#streamMs / this.#pieces
    const known = this.#interTokenMs
    this.#interTokenMs = known === undefined ? interTokenMs : known + smoothing * (interTokenMs - known)
    this.#mark(now)
  }

  #addUp(now: number): void {
    if (Number.isNaN(this.#addedUntil)) this.#mark(now)
    else this.#streamMs += this.#streams * (now - this.#addedUntil)
    this.#addedUntil = now
  }

  #mark(now: number): void {
    this.#markedAt = now
    this.#addedUntil = now
    this.#pieces = 0
    this.#streamMs = 0
  }
}
