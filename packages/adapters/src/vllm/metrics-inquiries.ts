import type { AdapterCall } from '../adapter.js'
import type { ServerReport } from '../server-report.js'
import type { ReportReceiver } from '../server-reports/tell-server-report.js'
import { readVllmMetrics } from './vllm-metrics.js'

/** Metrics are a few hundred KiB, and a line in the server's log: they are asked for so often at most. */
const intervalMs = 1_000
/** Not again before this time where there are none: a gateway hides them, or the server was starting. */
const retryAfterMs = 60_000
/**
 * They are asked for at any moment of such a time: with the request that is just being sent, they would count it as one that
 * waits, and so find a queue in a server that has room.
 */
const spreadMs = 250
/** Whole answers under way at once from which on a queue is worth knowing: any server runs fewer. */
const leastUnderWay = 16

/**
 * The load of servers that do not tell it in the head of a whole answer, as vLLM before 0.12.0: while many whole answers are
 * under way, which say nothing until they end, `/metrics` is asked for it. Begins with the first answer that was asked and
 * did not tell; a server that tells is never asked.
 */
export class MetricsInquiries {
  readonly #askMetrics: () => Promise<string>
  readonly #now: () => number
  readonly #atAnyMoment: (run: () => void) => void
  /** The last one that began: most likely it is still under way when the answer is here. */
  #latest: AdapterCall | undefined
  #isNeeded = false
  #isTold = false
  #isAsking = false
  #underWay = 0
  #nextAt = Number.NEGATIVE_INFINITY

  /**
   * @param askMetrics gets the body of `/metrics`
   * @param now a clock in milliseconds that never goes back
   * @param atAnyMoment runs something at a moment that has nothing to do with this one
   */
  constructor(
    askMetrics: () => Promise<string>,
    now: () => number = () => performance.now(),
    atAnyMoment: (run: () => void) => void = (run) => void setTimeout(run, Math.random() * spreadMs).unref(),
  ) {
    this.#askMetrics = askMetrics
    this.#now = now
    this.#atAnyMoment = atAnyMoment
  }

  /**
   * A whole answer is about to be asked for.
   * @param asksForLoad whether it is asked to tell the load
   * @returns who is told what the server reports
   */
  begin(call: AdapterCall, asksForLoad: boolean): ReportReceiver {
    this.#underWay += 1
    if (!asksForLoad) return call
    this.#latest = call
    this.#askIfDue()
    return {
      onServerReport: (report) => {
        if (report.load !== undefined) this.#isTold = true
        call.onServerReport?.(report)
      },
    }
  }

  /** It was asked to tell the load, is here, and has told whatever it tells. */
  answered(): void {
    this.#isNeeded = true
  }

  /** It is over, one way or the other. */
  end(): void {
    this.#underWay -= 1
  }

  #askIfDue(): void {
    if (!this.#isNeeded || this.#isTold || this.#underWay < leastUnderWay) return
    if (this.#isAsking || this.#now() < this.#nextAt) return
    this.#isAsking = true
    this.#atAnyMoment(() => void this.#askNow())
  }

  async #askNow(): Promise<void> {
    const report = await this.#ask()
    this.#isAsking = false
    this.#nextAt = this.#now() + (report === undefined ? retryAfterMs : intervalMs)
    if (report !== undefined && this.#latest !== undefined) tell(this.#latest, report)
  }

  /** Never rejects: what a server does not say about itself must not cost an answer. */
  async #ask(): Promise<ServerReport | undefined> {
    try {
      const { waitingRequests, kvCacheUsage } = readVllmMetrics(await this.#askMetrics())
      if (waitingRequests === undefined) return undefined
      return { load: { waitingRequests, ...(kvCacheUsage !== undefined && { kvCacheUsage }) } }
    } catch {
      return undefined
    }
  }
}

function tell(call: AdapterCall, report: ServerReport): void {
  try {
    call.onServerReport?.(report)
  } catch {
    // A mistake of the listener; nobody waits for this.
  }
}
