import { createSimulation, type SimulatedFailure, type Simulation } from '@duo-models/emulator/simulation'
import { percentile } from '../harness/statistics.js'
import type { ThroughputCase } from './throughput-case.js'

/** How many requests there are for each replica: more than are measured, and than are answered in the time. */
const requestsPerReplica = 2_000
/** Who was refused asks again after so long, until it is answered. */
const retryAfterMs = 1_000

/** What was answered after the warm-up. */
export interface BacklogFigures {
  readonly tokensPerSecond: number
  readonly p95FirstTokenMs: number
  readonly refused: number
}

/**
 * A backlog of requests, and simulated servers behind a balancer that sends each to the one with the fewest. Nothing of
 * our client is in between: whoever works the backlog off calls {@link ask} for one request after another.
 */
export class SimulatedBacklog {
  readonly #case: ThroughputCase
  readonly #simulation: Simulation
  readonly #firstTokenMs: number[] = []
  #answers = 0
  #tokens = 0
  #refused = 0
  #measuredFromMs: number
  #endMs: number | undefined

  constructor(throughputCase: ThroughputCase, seed: number) {
    this.#case = throughputCase
    this.#simulation = createSimulation({ ...throughputCase.options, seed })
    this.#measuredFromMs = throughputCase.measuredFromMs ?? Number.POSITIVE_INFINITY
  }

  /** The numbers of the requests. */
  get numbers(): number[] {
    return Array.from({ length: requestsPerReplica * this.#case.replicas }, (_, number) => number)
  }

  /** Lets all requests be asked by whoever is measured, and the time pass until the end of the measurement. */
  async measure(workOff: (backlog: SimulatedBacklog) => unknown): Promise<BacklogFigures> {
    const { clock } = this.#simulation
    const { maxMs } = this.#case
    workOff(this)
    while (this.#endMs === undefined && clock.now() < maxMs) await clock.runAsync(Math.min(maxMs, clock.now() + 1_000))
    const seconds = ((this.#endMs ?? clock.now()) - this.#measuredFromMs) / 1_000
    return {
      tokensPerSecond: seconds > 0 ? this.#tokens / seconds : 0,
      p95FirstTokenMs: percentile(this.#firstTokenMs, 0.95),
      refused: this.#refused,
    }
  }

  /** Asks, again where it is refused, until there is an answer. */
  readonly ask = async (number: number): Promise<void> => {
    for (;;) {
      const failure = await this.#attempt(number)
      if (failure === undefined) return
      if (failure === 'rejected' && this.#isMeasured) this.#refused += 1
      await new Promise<void>((resolve) => void this.#simulation.clock.setTimer(retryAfterMs, resolve))
    }
  }

  #attempt(number: number): Promise<SimulatedFailure | undefined> {
    const { requests } = this.#case
    const request = requests[number % requests.length]
    if (request === undefined) throw new RangeError('There is nothing to ask.')
    const sentAt = this.#simulation.clock.now()
    return new Promise((resolve) => {
      this.#simulation.submit(request, {
        onFirstToken: (now) => {
          if (this.#isMeasured) this.#firstTokenMs.push(now - sentAt)
        },
        onToken: () => {
          if (this.#isMeasured) this.#tokens += 1
        },
        onDone: (now) => {
          this.#countAnswer(now)
          resolve(undefined)
        },
        onFailed: (failure) => resolve(failure),
      })
    })
  }

  get #isMeasured(): boolean {
    return this.#endMs === undefined && this.#simulation.clock.now() >= this.#measuredFromMs
  }

  #countAnswer(now: number): void {
    const { warmUpAnswers, answers } = this.#case
    this.#answers += 1
    if (this.#answers === warmUpAnswers && this.#case.measuredFromMs === undefined) this.#measuredFromMs = now
    if (this.#answers >= answers) this.#endMs ??= now
  }
}
