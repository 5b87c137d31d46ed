import type { AdapterConnection, AdapterContext, AdapterTarget, ModelAdapter } from '@duo-models/adapters'
import { ReplicaHealth } from '../health/replica-health.js'
import { safeEndpoint } from '../safe-endpoint.js'
import { BackgroundAllowance } from '../scheduling/background-allowance.js'
import { type Circuit, loadPerError } from '../scheduling/circuit.js'
import type { ConcurrencyLimit } from '../scheduling/concurrency-limit.js'
import type { Priority } from '../scheduling/priority.js'
import { ServiceTime } from '../scheduling/service-time.js'
import { ReplicaStatistics } from '../stats/replica-statistics.js'
import type { RouteCandidate } from './routing-strategy.js'

/** Fewer than three recent errors, as the circuit counts them. */
const fewErrorsLoad = 3 * loadPerError

/** One endpoint of a deployment; its connection is made by the first request that needs it. */
export class Replica implements RouteCandidate {
  /** Until when its server asked everybody to wait. */
  pausedUntil = Number.NEGATIVE_INFINITY
  /** Whether a stream that was asked for in the place of a whole answer came to nothing: it is not tried again. */
  answersOnlyWhole = false
  readonly circuit: Circuit
  /** How many requests may be under way here. */
  readonly limit: ConcurrencyLimit
  /** How many of them may be background work. */
  readonly background = new BackgroundAllowance()
  readonly serviceTime = new ServiceTime()
  readonly statistics = new ReplicaStatistics()
  readonly health = new ReplicaHealth()
  /** Where it is, without secrets; absent on platforms that find it by region. */
  readonly shownEndpoint: string | undefined
  readonly #target: AdapterTarget
  readonly #context: AdapterContext
  #isRetired = false
  #onIdle: (() => void) | undefined
  #closing: Promise<void> | undefined
  #connection: Promise<AdapterConnection> | undefined
  #ready: AdapterConnection | undefined

  constructor(target: AdapterTarget, context: AdapterContext, circuit: Circuit, limit: ConcurrencyLimit) {
    this.#target = target
    this.#context = context
    this.circuit = circuit
    this.limit = limit
    this.shownEndpoint = target.endpoint === undefined ? undefined : safeEndpoint(target.endpoint)
  }

  /** Requests that are under way here. */
  get inFlight(): number {
    return this.limit.inFlight
  }

  /** A request is over; the last one of a replica on its way out closes its connection. */
  settle(): void {
    if (this.inFlight === 0) this.#onIdle?.()
  }

  /** Whether it is on its way out and gets no new request. */
  get isRetired(): boolean {
    return this.#isRetired
  }

  /** Where it is; absent on platforms that find it by region. */
  get endpoint(): string | undefined {
    return this.#target.endpoint
  }

  /** The same, as something to tell replicas apart by. */
  get id(): string {
    return this.#target.endpoint ?? ''
  }

  /** The connection, once it is made. */
  get ready(): AdapterConnection | undefined {
    return this.#ready
  }

  /** Whether a request may be sent now. */
  isAvailable(now: number): boolean {
    return now >= this.pausedUntil && this.circuit.isAvailable(now)
  }

  /** Whether one more request of this priority fits in. */
  hasRoom(priority: Priority, now: number): boolean {
    const { limit } = this
    return limit.hasRoom && (priority === 'interactive' || this.background.hasRoom(limit.value, now))
  }

  /** Whether it answers more than it fails: recent errors are few, or do not fill half of its limit. */
  isSound(now: number): boolean {
    const errorLoad = this.circuit.errorLoad(now)
    return errorLoad < fewErrorsLoad || errorLoad * 2 < this.limit.value
  }

  /** Whether nothing speaks against it: it is up, answers more than it fails, and is not still coming back. */
  isUntroubled(now: number): boolean {
    const { circuit } = this
    return now >= this.pausedUntil && circuit.state === 'closed' && this.isSound(now) && circuit.hasRoom(this.inFlight)
  }

  /** When it may be asked again at the earliest; `Infinity` while a request is finding out. */
  availableAt(now: number): number {
    const { state, probeAt } = this.circuit
    const circuitAt = state === 'closed' ? now : state === 'open' ? probeAt : Number.POSITIVE_INFINITY
    return Math.max(now, this.pausedUntil, circuitAt)
  }

  /** Its server asked to wait. */
  pauseUntil(at: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, at)
  }

  /** Requests under way, and recent errors as if they were: who fails at once is not idle. */
  load(now: number): number {
    return this.inFlight + this.circuit.errorLoad(now)
  }

  /** The connection, made on first use. A failure is not remembered: the next request tries again. */
  connect(adapter: ModelAdapter): Promise<AdapterConnection> {
    this.#connection ??= this.#open(adapter)
    return this.#connection
  }

  /** It gets no new request: its connection closes when the last one under way is done. */
  async retire(): Promise<void> {
    this.#isRetired = true
    if (this.inFlight > 0)
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve
      })
    await this.close()
  }

  /** Closes the connection, if there is one. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined)
    await connection?.close()
  }

  async #open(adapter: ModelAdapter): Promise<AdapterConnection> {
    try {
      this.#ready = await adapter.connect(this.#target, this.#context)
      return this.#ready
    } catch (error) {
      this.#connection = undefined
      throw error
    }
  }
}
