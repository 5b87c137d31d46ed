/**
 * vLLM collects all its metrics to answer, in the thread that serves requests, and writes a line to its log: asked with
 * every request, a busy server would notice.
 */
const intervalMs = 250

/** Decides which requests to one server ask for its load: the first of every quarter of a second. */
export class LoadInquiries {
  readonly #now: () => number
  /** Whole answers and streams are apart: most versions tell it with the former only. */
  readonly #nextAt = { whole: Number.NEGATIVE_INFINITY, stream: Number.NEGATIVE_INFINITY }

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Whether the request that is about to be sent asks. */
  isDue(kind: 'whole' | 'stream'): boolean {
    const now = this.#now()
    if (now < this.#nextAt[kind]) return false
    this.#nextAt[kind] = now + intervalMs
    return true
  }
}
