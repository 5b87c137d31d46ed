import type { AdapterCall } from '../adapter.js'
import type { ServerReport } from '../server-report.js'
import type { ReportReceiver } from '../server-reports/tell-server-report.js'
import { readVllmMetrics } from './vllm-metrics.js'

/** Metrics are a few hundred KiB, and a line in the server's log: they are asked for so often at most. */
const intervalMs = 1_000
/** Not again before this time where there are none: a gateway hides them, or the server was starting. */
const retryAfterMs = 60_000
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
  #isNeeded = false
  #isTold = false
  #isAsking = false
  #underWay = 0
  #nextAt = Number.NEGATIVE_INFINITY

  /**
   * @param askMetrics gets the body of `/metrics`
   * @param now a clock in milliseconds that never goes back
   */
  constructor(askMetrics: () => Promise<string>, now: () => number = () => performance.now()) {
    this.#askMetrics = askMetrics
    this.#now = now
  }

  /**
   * A whole answer is about to be asked for.
   * @param asksForLoad whether it is asked to tell the load
   * @returns who is told what the server reports
   */
  begin(call: AdapterCall, asksForLoad: boolean): ReportReceiver {
    this.#underWay += 1
    if (!asksForLoad) return call
    this.#askFor(call)
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

  #askFor(call: AdapterCall): void {
    if (!this.#isNeeded || this.#isTold || this.#underWay < leastUnderWay) return
    if (this.#isAsking || this.#now() < this.#nextAt) return
    this.#isAsking = true
    void this.#ask().then((report) => {
      this.#isAsking = false
      this.#nextAt = this.#now() + (report === undefined ? retryAfterMs : intervalMs)
      if (report !== undefined) tell(call, report)
    })
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
