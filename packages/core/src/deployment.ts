import type { AdapterContext, ModelAdapter } from '@duo-models/adapters'
import type { ResolvedDeployment } from '@duo-models/rules'
import { createRouting, type Routing } from './routing/create-routing.js'
import { Replica } from './routing/replica.js'
import { ReplicaSet } from './routing/replica-set.js'
import type { RoutingStrategy } from './routing/routing-strategy.js'
import { AdaptiveLimit } from './scheduling/adaptive-limit.js'
import { Circuit, type CircuitSettings } from './scheduling/circuit.js'
import type { Clock } from './scheduling/clock.js'
import type { ConcurrencyLimit } from './scheduling/concurrency-limit.js'
import { Dispatcher } from './scheduling/dispatcher.js'
import { FixedLimit } from './scheduling/fixed-limit.js'
import type { RateLimiter } from './scheduling/rate-limiter.js'
import { RetryBudget } from './steps/retry-budget.js'

/** What a deployment is given by its client. */
export interface DeploymentOptions {
  readonly context: AdapterContext
  readonly loadAdapter: () => Promise<ModelAdapter>
  readonly circuit: CircuitSettings
  /** Most requests under way at one replica, or `adaptive` for as many as turn out best. */
  readonly concurrency: 'adaptive' | number
  readonly routing: Routing
  /** Shared by the deployments of a group. */
  readonly limiter?: RateLimiter | undefined
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

/** A deployment of the configuration at work: its adapter, its replicas and who decides when they get what. */
export class Deployment {
  readonly name: string
  readonly platform: string
  /** The model as the configuration names it. */
  readonly model: string
  readonly modelFamily: string | undefined
  /** Retries are counted for each deployment, so that one that is down does not use up those of another. */
  readonly retryBudget: RetryBudget
  readonly replicaSet: ReplicaSet
  readonly dispatcher: Dispatcher
  readonly #resolved: ResolvedDeployment
  readonly #options: DeploymentOptions
  readonly #routing: RoutingStrategy<Replica>
  #adapter: Promise<ModelAdapter> | undefined
  #readyAdapter: ModelAdapter | undefined

  constructor(resolved: ResolvedDeployment, options: DeploymentOptions) {
    const { limiter, maxQueued, maxRetryAfterMs, clock } = options
    this.name = resolved.name
    this.platform = resolved.platform
    this.model = resolved.modelId ?? resolved.modelName
    this.modelFamily = resolved.model?.familyKey
    this.retryBudget = new RetryBudget(options.retryBudgetRatio)
    this.#resolved = resolved
    this.#options = options
    this.#routing = createRouting(options.routing)
    this.replicaSet = new ReplicaSet(resolved.endpoints, (endpoint) => this.#createReplica(endpoint))
    const { replicaSet } = this
    const routing = this.#routing
    const deployment = resolved.name
    this.dispatcher = new Dispatcher({ deployment, replicaSet, routing, limiter, maxQueued, maxRetryAfterMs, clock })
  }

  /** Those that may get requests, in the order of their endpoints. */
  get replicas(): readonly Replica[] {
    return this.replicaSet.members
  }

  /** Replaces the endpoints, which were found in order; requests that wait go on with the new ones. */
  setEndpoints(endpoints: readonly string[]): void {
    const left = this.replicaSet.replace(endpoints)
    this.#routing.forget?.(left)
    this.dispatcher.advance()
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
    return this.replicas.some((replica) => !failed.has(replica) && replica.isAvailable(now))
  }

  /** Whether any replica may take a request now, or when its server's pause is over. */
  get isAvailable(): boolean {
    const now = this.#options.clock.now()
    return this.replicas.some(({ circuit }) => circuit.isAvailable(now))
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await this.replicaSet.close()
  }

  #createReplica(endpoint: string | undefined): Replica {
    const { name, servedModelName, apiKey, settings } = this.#resolved
    const target = { deployment: name, model: this.model, servedModelName, endpoint, apiKey, settings }
    const { circuit, context, random } = this.#options
    return new Replica(target, context, new Circuit(circuit, random), this.#createLimit())
  }

  /** More than the server computes at once would only wait there, if the configuration knows how many that are. */
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
