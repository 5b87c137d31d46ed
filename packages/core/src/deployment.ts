import type { AdapterContext, ModelAdapter, ServerReport } from '@duo-models/adapters'
import type { ResolvedDeployment } from '@duo-models/rules'
import type { ModelRequest } from './model-request.js'
import { createRouting, type Routing } from './routing/create-routing.js'
import { Replica } from './routing/replica.js'
import type { RoutingStrategy } from './routing/routing-strategy.js'
import { Circuit, type CircuitSettings } from './scheduling/circuit.js'
import { circuitOpenError } from './scheduling/circuit-open-error.js'
import type { Clock } from './scheduling/clock.js'
import { limitReachedError } from './scheduling/limit-reached-error.js'
import { pausedError } from './scheduling/paused-error.js'
import { Permit, type PermitOwner } from './scheduling/permit.js'
import type { RateLimiter, Reservation } from './scheduling/rate-limiter.js'
import { type PlaceInLine, WaitingLine } from './scheduling/waiting-line.js'
import type { DeploymentRateLimit } from './stats/client-stats.js'
import { RetryBudget } from './steps/retry-budget.js'

/** What a deployment is given by its client. */
export interface DeploymentOptions {
  readonly context: AdapterContext
  readonly loadAdapter: () => Promise<ModelAdapter>
  readonly circuit: CircuitSettings
  readonly routing: Routing
  /** Shared by the deployments of a group. */
  readonly limiter?: RateLimiter | undefined
  /** Most requests that wait for the rate limit, or for a server that asked to wait. */
  readonly maxQueued: number
  /** Who asks to wait for longer is not waited for. */
  readonly maxRetryAfterMs: number
  /** Retries earned per request. */
  readonly retryBudgetRatio: number
  readonly clock: Clock
  /** A number from 0 up to 1. */
  readonly random: () => number
}

/** Where another deployment would serve a request, a server's own limit is waited for no longer. */
const maxWaitBesideFallbackMs = 1_000

/** A deployment of the configuration at work: its adapter and its replicas. */
export class Deployment {
  readonly name: string
  readonly platform: string
  /** The model as the configuration names it. */
  readonly model: string
  readonly modelFamily: string | undefined
  /** Retries are counted for each deployment, so that one that is down does not use up those of another. */
  readonly retryBudget: RetryBudget
  readonly #resolved: ResolvedDeployment
  readonly #options: DeploymentOptions
  readonly #replicas: readonly Replica[]
  readonly #routing: RoutingStrategy<Replica>
  readonly #line: WaitingLine<Permit>
  readonly #permitOwner: PermitOwner
  #adapter: Promise<ModelAdapter> | undefined
  #readyAdapter: ModelAdapter | undefined

  constructor(resolved: ResolvedDeployment, options: DeploymentOptions) {
    this.name = resolved.name
    this.platform = resolved.platform
    this.model = resolved.modelId ?? resolved.modelName
    this.modelFamily = resolved.model?.familyKey
    this.retryBudget = new RetryBudget(options.retryBudgetRatio)
    this.#routing = createRouting(options.routing)
    this.#line = new WaitingLine(options.clock, options.maxQueued, resolved.name)
    this.#permitOwner = {
      onReport: (permit, report) => this.#learn(permit, report),
      onRelease: ({ reservation }, failure, usage) => {
        if (reservation === undefined) return
        options.limiter?.settle(reservation, failure, usage, options.clock.now())
        this.#advanceLine()
      },
    }
    this.#resolved = resolved
    this.#options = options
    const endpoints = resolved.endpoints.length > 0 ? resolved.endpoints : [undefined]
    this.#replicas = endpoints.map((endpoint) => this.#createReplica(endpoint))
  }

  /** Its endpoints, in the order of the configuration. */
  get replicas(): readonly Replica[] {
    return this.#replicas
  }

  /** The platform's code, once it is loaded. */
  get readyAdapter(): ModelAdapter | undefined {
    return this.#readyAdapter
  }

  /** The platform's code, loaded by the first request that needs it. */
  adapter(): Promise<ModelAdapter> {
    this.#adapter ??= this.#load()
    return this.#adapter
  }

  /** Whether a replica that is not in `failed` may take a request now. */
  hasOtherReplica(failed: ReadonlySet<Replica>): boolean {
    const now = this.#options.clock.now()
    return this.#replicas.some((replica) => !failed.has(replica) && replica.isAvailable(now))
  }

  /** Whether any replica may take a request now, or when its server's pause is over. */
  get isAvailable(): boolean {
    const now = this.#options.clock.now()
    return this.#replicas.some(({ circuit }) => circuit.isAvailable(now))
  }

  /** Requests that wait for their turn. */
  get queued(): number {
    return this.#line.length
  }

  /** The rate limits it is known to have; `undefined` where it has none. */
  get rateLimit(): DeploymentRateLimit | undefined {
    return this.#options.limiter?.describe(this.#options.clock.now())
  }

  /**
   * The right to send one request to the replica that suits it best; `undefined` where it has to wait.
   * @param failed replicas this call already failed on; asked again only where nothing else is left
   * @param hasFallback whether another deployment would serve it: then a server that asked to wait is not waited for
   * @throws DuoModelError at once where every replica has failed lately, or asked to wait too long; nothing is sent
   */
  acquire(request: ModelRequest, failed: ReadonlySet<Replica>, hasFallback: boolean): Permit | undefined {
    const { clock, maxRetryAfterMs } = this.#options
    if (hasFallback) this.#refuseLongWait(request)
    if (this.#line.length > 0 && (!hasFallback || this.#candidates(failed, clock.now()).length > 0)) return undefined
    const started = this.#tryStart(request, failed, hasFallback ? 0 : maxRetryAfterMs)
    return typeof started === 'number' ? undefined : started
  }

  /**
   * Waits for that right behind those that wait already.
   * @throws QueueFullError where too many wait
   */
  waitForTurn(request: ModelRequest, failed: ReadonlySet<Replica>): PlaceInLine<Permit> {
    return this.#line.join(() => this.#tryStart(request, failed, this.#options.maxRetryAfterMs))
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => replica.close()))
  }

  /** Those that may take a request; of them, those that are new to the call and not still coming back. */
  #candidates(failed: ReadonlySet<Replica>, now: number): readonly Replica[] {
    const [first] = this.#replicas
    if (this.#replicas.length === 1 && first?.isAvailable(now)) return this.#replicas
    const available = this.#replicas.filter((replica) => replica.isAvailable(now))
    if (available.length < 2) return available
    // One that is due for its probe is found out about now: its errors would keep it last in every choice.
    const due = failed.size === 0 ? available.find(({ circuit }) => circuit.state === 'open') : undefined
    if (due !== undefined) return [due]
    const fresh = failed.size === 0 ? available : preferred(available, (replica) => !failed.has(replica))
    return preferred(fresh, ({ circuit, inFlight }) => circuit.hasRoom(inFlight))
  }

  /** A permit, or the time to ask again. */
  #tryStart(request: ModelRequest, failed: ReadonlySet<Replica>, maxPauseMs: number): Permit | number {
    const { clock, limiter } = this.#options
    const now = clock.now()
    const candidates = this.#candidates(failed, now)
    const [only] = candidates
    if (only === undefined) return this.#pauseEnd(now, maxPauseMs)
    const reservation = limiter?.isLimited === true ? tryReserve(limiter, request, now) : undefined
    if (typeof reservation === 'number') return reservation
    const replica = candidates.length === 1 ? only : this.#routing.pick(candidates, request, now)
    return new Permit(replica, clock.now, this.#permitOwner, request, reservation)
  }

  /** A limit that others have used up may be full for a minute. */
  #refuseLongWait(request: ModelRequest): void {
    const { limiter, clock } = this.#options
    if (limiter?.isReported !== true) return
    const now = clock.now()
    const waitMs = limiter.readyAt(limiter.estimate(request), now) - now
    if (waitMs > maxWaitBesideFallbackMs) throw limitReachedError(this.name, waitMs)
  }

  #learn({ request, startedAt: sentAt }: Permit, { rateLimit }: ServerReport): void {
    const { limiter, clock } = this.#options
    if (limiter === undefined || rateLimit === undefined) return
    const underWay = this.#replicas.reduce((sum, { inFlight }) => sum + inFlight, 0)
    limiter.learn(rateLimit, { request, sentAt, underWay, now: clock.now() })
    this.#advanceLine()
  }

  #advanceLine(): void {
    if (this.#line.length > 0) this.#line.advance()
  }

  /** When a replica that was asked to pause may be asked again. */
  #pauseEnd(now: number, maxPauseMs: number): number {
    const paused = this.#replicas.filter(({ circuit }) => circuit.isAvailable(now))
    if (paused.length === 0) throw circuitOpenError(this.name, this.#replicas, now)
    const end = Math.min(...paused.map(({ pausedUntil }) => pausedUntil))
    if (end - now > maxPauseMs) throw pausedError(this.name, end - now)
    return end
  }

  #createReplica(endpoint: string | undefined): Replica {
    const { name, servedModelName, apiKey, settings } = this.#resolved
    const target = { deployment: name, model: this.model, servedModelName, endpoint, apiKey, settings }
    return new Replica(target, this.#options.context, new Circuit(this.#options.circuit, this.#options.random))
  }

  async #load(): Promise<ModelAdapter> {
    try {
      this.#readyAdapter = await this.#options.loadAdapter()
      return this.#readyAdapter
    } catch (error) {
      this.#adapter = undefined
      throw error
    }
  }
}

/** A reservation, or the time to ask again. */
function tryReserve(limiter: RateLimiter, request: ModelRequest, now: number): Reservation | number {
  const tokens = limiter.estimate(request)
  const readyAt = limiter.readyAt(tokens, now)
  return readyAt > now ? readyAt : limiter.reserve(request, tokens, now)
}

function preferred(replicas: readonly Replica[], isPreferred: (replica: Replica) => boolean): readonly Replica[] {
  const chosen = replicas.filter(isPreferred)
  return chosen.length > 0 ? chosen : replicas
}
