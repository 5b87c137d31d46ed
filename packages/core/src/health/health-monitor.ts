import {
  type AdapterConnection,
  DuoModelError,
  type EndpointHealth,
  type ModelAdapter,
  TimeoutError,
} from '@duo-models/adapters'
import type { Replica } from '../routing/replica.js'
import type { Clock } from '../scheduling/clock.js'
import { judgeFailure } from '../scheduling/judge-failure.js'
import { asDuoModelError } from '../send-request.js'
import type { HealthSettings } from './health-settings.js'

/** A deployment as the monitor sees it. */
export interface MonitoredDeployment {
  readonly name: string
  readonly platform: string
  /** The platform's code, once it is loaded. */
  readonly readyAdapter: ModelAdapter | undefined
  readonly replicas: readonly Replica[]
}

/** What a monitor is given by its client. */
export interface HealthMonitorOptions {
  readonly settings: HealthSettings
  /** Those of the client. */
  readonly deployments: () => Iterable<MonitoredDeployment>
  /** Its timers must not keep the process alive. */
  readonly clock: Clock
  /** A number from 0 up to 1; spreads the questions of many clients. */
  readonly random: () => number
}

/** A client that was not used for so many intervals asks nothing more until it is used again. */
const idleIntervals = 6
/** How often replicas are looked through for one that is due, at most and in parts of an interval. */
const longestTickMs = 500
const ticksPerInterval = 4
/** After a failed check the next one comes soon; while the replica is left alone, in pauses that double. */
const firstPauseMs = 1_000
/** A server that can be reached may work although its check fails: after so many checks, requests find out as well. */
const mostRefusals = 10
/** Failed checks, with a request answered since the first of them, that are wrong. */
const wrongChecks = 3

/**
 * Asks servers whether they are able to work, while the client is used: before a replica that was left alone gets
 * requests again, so that no caller's request has to find out; and where there is no traffic, so that a dead server is
 * known before a caller meets it. Knows no HTTP: connections are asked by their `checkHealth`.
 */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions
  readonly #tickMs: number
  readonly #idleMs: number
  readonly #asking = new Set<AbortController>()
  #usedAt = Number.NEGATIVE_INFINITY
  #stopTimer: (() => void) | undefined
  #isClosed = false

  constructor(options: HealthMonitorOptions) {
    const { intervalMs } = options.settings
    this.#options = options
    this.#tickMs = Math.min(longestTickMs, intervalMs / ticksPerInterval)
    this.#idleMs = idleIntervals * intervalMs
  }

  /** The client is used; costs next to nothing. */
  use(now: number): void {
    this.#usedAt = now
    if (this.#stopTimer === undefined && !this.#isClosed) this.#scheduleTick()
  }

  /** Asks nothing more, and gives up what is under way. */
  close(): void {
    this.#isClosed = true
    this.#rest()
    for (const controller of this.#asking) controller.abort()
  }

  #scheduleTick(): void {
    this.#stopTimer = this.#options.clock.setTimer(this.#tickMs, this.#tick)
  }

  readonly #tick = (): void => {
    const { clock, deployments } = this.#options
    const now = clock.now()
    if (now - this.#usedAt > this.#idleMs) {
      this.#rest()
      return
    }
    for (const deployment of deployments()) this.#visit(deployment, now)
    this.#scheduleTick()
  }

  /** From here on it is requests that find out again. */
  #rest(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    for (const { replicas } of this.#options.deployments())
      for (const { circuit, health } of replicas) {
        circuit.isGuarded = false
        health.nextAt = undefined
      }
  }

  /** Asks the replicas that are due. One that has no connection yet is like those that have. */
  #visit(deployment: MonitoredDeployment, now: number): void {
    const { readyAdapter, replicas } = deployment
    if (readyAdapter === undefined || !replicas.some(({ ready }) => ready?.checkHealth !== undefined)) return
    for (const replica of replicas) {
      const { circuit, health } = replica
      if (health.isSilent) continue
      circuit.isGuarded = health.isTrusted
      health.nextAt ??= now + this.#spread(this.#options.settings.intervalMs)
      if (!health.isAsked && now >= this.#dueAt(replica)) void this.#ask(deployment, replica, readyAdapter, now)
    }
  }

  #dueAt({ circuit, pausedUntil, health }: Replica): number {
    const { nextAt = 0, askedAt, failedInRow, failedWhileOpen } = health
    // One that said it is healthy and then failed requests is asked no sooner than a request would be let through.
    if (circuit.state !== 'closed') return failedWhileOpen > 0 ? nextAt : circuit.probeAt
    if (failedInRow > 0 || askedAt === undefined) return nextAt
    // Whoever answers requests need not be asked more than once, nor whoever asked to be left in peace.
    return Math.max(nextAt, pausedUntil, circuit.lastAnswerAt + this.#options.settings.intervalMs)
  }

  async #ask(deployment: MonitoredDeployment, replica: Replica, adapter: ModelAdapter, askedAt: number): Promise<void> {
    const { health } = replica
    health.isAsked = true
    const outcome = await this.#outcome(deployment, replica, adapter)
    health.isAsked = false
    if (this.#isClosed || replica.isRetired) return
    health.askedAt = askedAt
    if (DuoModelError.is(outcome)) this.#hearFailure(replica, outcome, askedAt)
    else if (outcome === 'unknown') silence(replica)
    else this.#hearHealthy(replica)
  }

  #hearHealthy({ health, circuit }: Replica): void {
    const now = this.#options.clock.now()
    health.state = 'healthy'
    health.isTrusted = true
    health.failedInRow = health.failedWhileOpen = 0
    health.nextAt = now + this.#spread(this.#options.settings.intervalMs)
    circuit.hearHealthy(now)
  }

  #hearFailure(replica: Replica, failure: DuoModelError, askedAt: number): void {
    const { health, circuit } = replica
    if (judgeFailure(failure) !== 'replica' || isContradicted(replica, failure)) {
      silence(replica)
      return
    }
    const now = this.#options.clock.now()
    health.nextAt = now + this.#spread(this.#pauseMs(replica))
    // A busy replica may be late; its requests have limits of their own.
    if (failure.code !== 'timeout' || replica.inFlight === 0) {
      if (health.failedInRow === 0) health.failingSince = now
      health.failedInRow += 1
      health.state = 'unhealthy'
      if (failure.status !== undefined && health.failedWhileOpen > mostRefusals) health.isTrusted = false
      circuit.hearUnhealthy(failure, askedAt, now)
    }
    if (health.isTrusted) circuit.postponeProbe(health.nextAt)
  }

  #pauseMs({ health, circuit }: Replica): number {
    health.failedWhileOpen = circuit.state === 'closed' ? 0 : health.failedWhileOpen + 1
    const doublings = Math.max(0, health.failedWhileOpen - 1)
    return Math.min(this.#options.settings.intervalMs, firstPauseMs * 2 ** doublings)
  }

  /** The answer, or why there is none; an adapter that forgets its limit of time cannot hold it up. */
  #outcome(
    deployment: MonitoredDeployment,
    replica: Replica,
    adapter: ModelAdapter,
  ): Promise<EndpointHealth | DuoModelError> {
    const { clock, settings } = this.#options
    const limitMs = 2 * settings.timeoutMs
    const controller = new AbortController()
    this.#asking.add(controller)
    return new Promise((resolve) => {
      const finish = (outcome: EndpointHealth | DuoModelError): void => {
        stopTimer()
        this.#asking.delete(controller)
        resolve(outcome)
      }
      const stopTimer = clock.setTimer(limitMs, () => {
        controller.abort()
        finish(lateError(deployment, limitMs))
      })
      this.#check(replica, adapter, controller.signal).then(finish, (error: unknown) => {
        const { name, platform } = deployment
        finish(asDuoModelError(error, platform).addContext({ deployment: name, platform }))
      })
    })
  }

  async #check(replica: Replica, adapter: ModelAdapter, signal: AbortSignal): Promise<EndpointHealth> {
    const connection: AdapterConnection = replica.ready ?? (await replica.connect(adapter))
    const { timeoutMs } = this.#options.settings
    return connection.checkHealth === undefined ? 'unknown' : connection.checkHealth({ signal, timeoutMs })
  }

  #spread(durationMs: number): number {
    return durationMs * (0.75 + 0.25 * this.#options.random())
  }
}

/** Whether it answers requests while its check, which it answers too, goes on failing: a gateway's fault. */
function isContradicted({ health, circuit }: Replica, failure: DuoModelError): boolean {
  if (failure.status === undefined || health.failedInRow < wrongChecks) return false
  return circuit.lastAnswerAt > health.failingSince
}

/** Nothing more is asked: requests find out, as without health checks. */
function silence({ health, circuit }: Replica): void {
  health.state = 'unknown'
  health.isSilent = true
  health.isTrusted = circuit.isGuarded = false
}

function lateError({ name, platform }: MonitoredDeployment, timeoutMs: number): DuoModelError {
  return new TimeoutError({
    message: `The health check of a replica of '${name}' did not end within ${timeoutMs} ms.`,
    which: 'total',
    timeoutMs,
    deployment: name,
    platform,
  })
}
