import type { AdapterContext, ModelAdapter } from '@duo-models/adapters'
import type { ResolvedDeployment } from '@duo-models/rules'
import { createRouting, type Routing } from './routing/create-routing.js'
import { Replica } from './routing/replica.js'
import { ReplicaSet } from './routing/replica-set.js'
import type { RoutingStrategy } from './routing/routing-strategy.js'
import { AdaptiveLimit } from './scheduling/adaptive-limit.js'
import { Circuit, type CircuitSettings } from './scheduling/circuit.js'
import { circuitOpenError } from './scheduling/circuit-open-error.js'
import type { Claim } from './scheduling/claim.js'
import type { Clock } from './scheduling/clock.js'
import type { ConcurrencyLimit } from './scheduling/concurrency-limit.js'
import { deadlineError } from './scheduling/deadline-error.js'
import { FixedLimit } from './scheduling/fixed-limit.js'
import { pausedError } from './scheduling/paused-error.js'
import { Permit, type PermitOwner, type SettleReservation } from './scheduling/permit.js'
import type { Priority } from './scheduling/priority.js'
import type { RateLimiter } from './scheduling/rate-limiter.js'
import { type PlaceInQueue, RequestQueue } from './scheduling/request-queue.js'
import { RetryBudget } from './steps/retry-budget.js'

/** What a deployment is given by its client. */
export interface DeploymentOptions {
  readonly context: AdapterContext
  readonly loadAdapter: () => Promise<ModelAdapter>
  readonly circuit: CircuitSettings
  readonly routing: Routing
  /** Shared by the deployments of a group. */
  readonly limiter?: RateLimiter | undefined
  /** Most requests under way at one replica, or `adaptive` for as many as turn out best. */
  readonly concurrency: 'adaptive' | number
  /** Most requests that wait for their turn. */
  readonly maxQueued: number
  /** Who asks to wait for longer is not waited for. */
  readonly maxRetryAfterMs: number
  /** Retries earned per request. */
  readonly retryBudgetRatio: number
  readonly clock: Clock
  /** A number from 0 up to 1. */
  readonly random: () => number
}

/** A deployment of the configuration at work: its adapter and its replicas. */
export class Deployment {
  readonly name: string
  readonly platform: string
  /** The model as the configuration names it. */
  readonly model: string
  readonly modelFamily: string | undefined
  /** Retries are counted for each deployment, so that one that is down does not use up those of another. */
  readonly retryBudget: RetryBudget
  /** Its replicas, which come and go. */
  readonly replicaSet: ReplicaSet
  readonly #resolved: ResolvedDeployment
  readonly #options: DeploymentOptions
  readonly #routing: RoutingStrategy<Replica>
  readonly #queue: RequestQueue<Permit>
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
    this.#queue = new RequestQueue(options.clock, options.maxQueued, resolved.name)
    this.#permitOwner = { now: options.clock.now, onRoom: () => this.#advance() }
    this.#resolved = resolved
    this.#options = options
    this.replicaSet = new ReplicaSet(resolved.endpoints, (endpoint) => this.#createReplica(endpoint))
  }

  /** Those that may get requests, in the order of their endpoints. */
  get replicas(): readonly Replica[] {
    return this.replicaSet.members
  }

  get #replicas(): readonly Replica[] {
    return this.replicaSet.members
  }

  /** Replaces the endpoints, which were found in order; requests that wait go on with the new ones. */
  setEndpoints(endpoints: readonly string[]): void {
    const left = this.replicaSet.replace(endpoints)
    this.#routing.forget?.(left)
    this.#queue.advance()
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
    return this.#queue.length
  }

  /** The same, of one priority. */
  queuedOf(priority: Priority): number {
    return this.#queue.lengthOf(priority)
  }

  /** Requests that may be under way at all replicas together. */
  get capacity(): number {
    return this.#replicas.reduce((sum, { limit }) => sum + limit.value, 0)
  }

  /**
   * The right to send one request to the replica that suits it best; `undefined` where it has to wait.
   * @param hasFallback whether another deployment would serve it: then a server that asked to wait is not waited for
   * @throws DuoModelError at once where every replica has failed lately, or asked to wait too long; nothing is sent
   */
  acquire(claim: Claim, hasFallback: boolean): Permit | undefined {
    const { clock, maxRetryAfterMs } = this.#options
    const isBehindOthers =
      this.#queue.lengthOf('interactive') > 0 || (claim.priority === 'background' && this.queued > 0)
    if (isBehindOthers && (!hasFallback || this.#available(claim.failed, clock.now()).length > 0)) return undefined
    const started = this.#tryStart(claim, hasFallback ? 0 : maxRetryAfterMs)
    return typeof started === 'number' ? undefined : started
  }

  /**
   * Waits for that behind those that wait already.
   * @throws QueueFullError where too many wait
   */
  waitForTurn(claim: Claim): PlaceInQueue<Permit> {
    return this.#queue.join(claim.priority, () => this.#tryStart(claim, this.#options.maxRetryAfterMs))
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await this.replicaSet.close()
  }

  /** Those that are up; of them, those that are new to the call and not still coming back. */
  #available(failed: ReadonlySet<Replica>, now: number): readonly Replica[] {
    const [first] = this.#replicas
    if (this.#replicas.length === 1 && first?.isAvailable(now)) return this.#replicas
    const available = this.#replicas.filter((replica) => replica.isAvailable(now))
    if (available.length < 2) return available
    // One that is due for its probe is found out about now: its errors would keep it last in every choice.
    const due = failed.size === 0 ? available.find(({ circuit }) => circuit.state === 'open') : undefined
    if (due !== undefined) return [due]
    const fresh = failed.size === 0 ? available : preferred(available, (replica) => !failed.has(replica))
    // One that fails at once always has room: what waits for a place elsewhere must not all go there.
    const sound = preferred(fresh, (replica) => replica.isSound(now))
    return preferred(sound, ({ circuit, inFlight }) => circuit.hasRoom(inFlight))
  }

  /** A permit, or the time to ask again: `Infinity` for when something has changed. */
  #tryStart(claim: Claim, maxPauseMs: number): Permit | number {
    const { clock, limiter } = this.#options
    const now = clock.now()
    const available = this.#available(claim.failed, now)
    if (available.length === 0) return this.#pauseEnd(now, maxPauseMs)
    this.#checkDeadline(claim, available, now)
    const candidates = withRoom(available, claim.priority, now)
    const [only] = candidates
    if (only === undefined) return this.#nextAvailableAt(now)
    const tokens = limiter?.estimate(claim.request) ?? 0
    const readyAt = limiter?.readyAt(tokens, now) ?? now
    if (readyAt > now) return readyAt
    const replica = candidates.length === 1 ? only : this.#routing.pick(candidates, claim.request, now)
    return new Permit(replica, claim, this.#permitOwner, limiter && this.#reserve(limiter, claim, tokens, now))
  }

  /** @throws TimeoutError where even a quick answer would come too late: nobody would read it */
  #checkDeadline({ deadlineAt }: Claim, available: readonly Replica[], now: number): void {
    if (deadlineAt === Number.POSITIVE_INFINITY) return
    let quickMs = Number.POSITIVE_INFINITY
    for (const { serviceTime } of available) quickMs = Math.min(quickMs, serviceTime.quickMs)
    if (now + quickMs > deadlineAt) throw deadlineError(this.name, deadlineAt - now, quickMs)
  }

  /** When a replica that cannot be asked now may be asked again. */
  #nextAvailableAt(now: number): number {
    if (this.#replicas.length === 1) return Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const replica of this.#replicas) {
      const at = replica.availableAt(now)
      if (at > now) next = Math.min(next, at)
    }
    return next
  }

  #reserve(limiter: RateLimiter, { request }: Claim, tokens: number, now: number): SettleReservation {
    const reservation = limiter.reserve(request, tokens, now)
    return (failure, usage) => limiter.settle(reservation, failure, usage, this.#options.clock.now())
  }

  /** Something is over: those that wait may go on. */
  #advance(): void {
    if (this.#queue.length > 0) this.#queue.advance()
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
    const { circuit, context, random } = this.#options
    return new Replica(target, context, new Circuit(circuit, random), this.#createLimit())
  }

  /** What the server computes at once is as many as it can use, if the configuration knows it. */
  #createLimit(): ConcurrencyLimit {
    const { concurrency, context } = this.#options
    if (concurrency !== 'adaptive') return new FixedLimit(concurrency)
    const { maxNumSeqs = Number.POSITIVE_INFINITY } = this.#resolved.server ?? {}
    return new AdaptiveLimit({ max: Math.min(context.maxConnections, maxNumSeqs) })
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

function preferred(replicas: readonly Replica[], isPreferred: (replica: Replica) => boolean): readonly Replica[] {
  const chosen = replicas.filter(isPreferred)
  return chosen.length > 0 ? chosen : replicas
}

function withRoom(replicas: readonly Replica[], priority: Priority, now: number): readonly Replica[] {
  const [first] = replicas
  if (replicas.length === 1) return first?.hasRoom(priority, now) ? replicas : none
  return replicas.filter((replica) => replica.hasRoom(priority, now))
}

const none: readonly Replica[] = []
