import { OverloadedError } from '@duo-models/adapters'
import type { AdaptiveLimit } from '../scheduling/adaptive-limit.js'
import type { LimitSlot, WantedAnswer } from '../scheduling/concurrency-limit.js'
import { seededRandom } from './seeded-random.js'

/** A server of the simplest kind, and callers who send as much as a limit allows. */
export interface SteppedServerOptions {
  readonly limit: AdaptiveLimit
  /** Requests it runs at once; may be changed while it runs. */
  readonly places: number
  /** Whether it refuses what it has no place for; otherwise that waits. */
  readonly refuses?: boolean
  /** Whether its answers say how many requests wait. */
  readonly reportsQueue?: boolean
  /** How answers are wanted; `mixed` is every other one whole. @default 'stream' */
  readonly wanted?: WantedAnswer | 'mixed'
  /** Callers, who ask again as soon as they are answered. @default more than any limit */
  readonly callers?: number
}

interface Running {
  readonly slot: LimitSlot
  tokensLeft: number
  hasBegun: boolean
}

const stepMs = 20
/** What a place is taken for before the first token, and how many tokens follow. */
const leastTokens = 20
const mostTokens = 180

/** A server that gives one token to each request it runs in each step, in time that passes as fast as it is worked out. */
export class SteppedServer {
  places: number
  /** Requests it has refused. */
  refused = 0
  /** Most requests that were under way at once. */
  mostUnderWay = 0
  readonly #options: SteppedServerOptions
  readonly #random = seededRandom(1)
  readonly #waiting: Running[] = []
  #running: Running[] = []
  #now = 0
  #asked = 0

  constructor(options: SteppedServerOptions) {
    this.#options = options
    this.places = options.places
  }

  /** Lets so many steps go by. */
  run(steps: number): void {
    for (let step = 0; step < steps; step++) {
      this.#now += stepMs
      this.#ask()
      this.#begin()
      this.#write()
    }
  }

  #ask(): void {
    const { limit, callers = Number.POSITIVE_INFINITY, refuses = false } = this.#options
    while (limit.hasRoom && limit.inFlight < callers) {
      const slot = limit.begin(this.#nextWanted(), this.#now)
      this.mostUnderWay = Math.max(this.mostUnderWay, limit.inFlight)
      if (refuses && this.#running.length + this.#waiting.length >= this.places) {
        this.refused += 1
        limit.end(slot, new OverloadedError({ message: 'Full.' }), this.#now)
        return
      }
      const tokensLeft = Math.floor(leastTokens + this.#random() * (mostTokens - leastTokens))
      this.#waiting.push({ slot, tokensLeft, hasBegun: false })
    }
  }

  #begin(): void {
    while (this.#running.length < this.places) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#running.push(next)
    }
  }

  #write(): void {
    const { limit, reportsQueue = false } = this.#options
    const running = this.#running
    this.#running = running.filter((one) => one.tokensLeft > 1)
    for (const one of running) {
      if (one.slot.kind === 'stream') this.#giveToken(one)
      one.tokensLeft -= 1
      if (one.tokensLeft > 0) continue
      if (reportsQueue) limit.reportWaiting(this.#waiting.length)
      limit.end(one.slot, undefined, this.#now)
    }
  }

  #nextWanted(): WantedAnswer {
    const { wanted = 'stream' } = this.#options
    this.#asked += 1
    if (wanted === 'mixed') return this.#asked % 2 === 0 ? 'stream' : 'whole'
    return wanted
  }

  #giveToken(one: Running): void {
    const { limit } = this.#options
    if (one.hasBegun) limit.countContent(1)
    else limit.firstToken(one.slot, this.#now)
    one.hasBegun = true
  }
}
