/** Reports that are looked at together. */
const judgedReports = 4
/** The share of what is under way that may wait in the server. */
const queueShare = 1 / 50
/** A report says nothing about later: servers are asked four times a second at most, older ones once. */
const reportLifetimeMs = 1_500

/** What a server says about how many requests wait in it. */
export class ReportedQueue {
  #reports: number[] = []
  #reportedAt = 0

  /** It said so now. */
  add(waiting: number, now: number): void {
    if (this.#reports.length >= judgedReports) this.#reports.shift()
    this.#reports.push(waiting)
    this.#reportedAt = now
  }

  /** What it said was about another limit. */
  clear(): void {
    this.#reports = []
  }

  /** Whether it said last, and lately, that requests wait. */
  isThere(inFlight: number, now: number): boolean {
    return isQueue(this.#reports.at(-1) ?? 0, inFlight) && now - this.#reportedAt < reportLifetimeMs
  }

  /**
   * How many wait all the time; `undefined` where it is not said for long enough, or none do. Prompts that came together
   * wait for one another, and not for long.
   */
  standing(inFlight: number): number | undefined {
    if (this.#reports.length < judgedReports) return undefined
    const least = Math.min(...this.#reports)
    return isQueue(least, inFlight) ? least : undefined
  }
}

function isQueue(waiting: number, inFlight: number): boolean {
  return waiting > inFlight * queueShare
}
