import type { AdapterContext, ModelAdapter } from '@duo-models/adapters'
import type { ResolvedDeployment } from '@duo-models/rules'
import { leastLoaded } from './routing/least-loaded.js'
import { Replica } from './routing/replica.js'

/** A deployment of the configuration at work: its adapter and its replicas. */
export class Deployment {
  readonly name: string
  readonly platform: string
  /** The model as the configuration names it. */
  readonly model: string
  readonly modelFamily: string | undefined
  readonly #loadAdapter: () => Promise<ModelAdapter>
  readonly #replicas: readonly Replica[]
  #adapter: Promise<ModelAdapter> | undefined
  #readyAdapter: ModelAdapter | undefined
  #turn = 0

  constructor(resolved: ResolvedDeployment, context: AdapterContext, loadAdapter: () => Promise<ModelAdapter>) {
    this.name = resolved.name
    this.platform = resolved.platform
    this.model = resolved.modelId ?? resolved.modelName
    this.modelFamily = resolved.model?.familyKey
    this.#loadAdapter = loadAdapter
    const endpoints = resolved.endpoints.length > 0 ? resolved.endpoints : [undefined]
    this.#replicas = endpoints.map(
      (endpoint) =>
        new Replica(
          {
            deployment: resolved.name,
            model: this.model,
            servedModelName: resolved.servedModelName,
            endpoint,
            apiKey: resolved.apiKey,
            settings: resolved.settings,
          },
          context,
        ),
    )
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

  /** Whether there is a replica that is not in `failed`. */
  hasOtherReplica(failed: ReadonlySet<Replica>): boolean {
    return this.#replicas.some((replica) => !failed.has(replica))
  }

  /** The replica the next attempt should go to. */
  pickReplica(failed: ReadonlySet<Replica>): Replica {
    this.#turn += 1
    return leastLoaded(this.#replicas, failed, this.#turn)
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => replica.close()))
  }

  async #load(): Promise<ModelAdapter> {
    try {
      this.#readyAdapter = await this.#loadAdapter()
      return this.#readyAdapter
    } catch (error) {
      this.#adapter = undefined
      throw error
    }
  }
}
