import type { AdapterConnection, AdapterContext, AdapterTarget, ModelAdapter } from '@duo-models/adapters'

/** One endpoint of a deployment; its connection is made by the first request that needs it. */
export class Replica {
  /** Requests that are under way here. */
  inFlight = 0
  readonly #target: AdapterTarget
  readonly #context: AdapterContext
  #connection: Promise<AdapterConnection> | undefined
  #ready: AdapterConnection | undefined

  constructor(target: AdapterTarget, context: AdapterContext) {
    this.#target = target
    this.#context = context
  }

  /** The connection, once it is made. */
  get ready(): AdapterConnection | undefined {
    return this.#ready
  }

  /** The connection, made on first use. A failure is not remembered: the next request tries again. */
  connect(adapter: ModelAdapter): Promise<AdapterConnection> {
    this.#connection ??= this.#open(adapter)
    return this.#connection
  }

  /** Closes the connection, if there is one. */
  async close(): Promise<void> {
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
