import type { AdapterConnection, AdapterContext, AdapterTarget, ModelAdapter } from '@duo-models/adapters'

/** One endpoint of a deployment; its connection is made by the first request that needs it. */
export class Replica {
  /** Requests that are under way here. */
  inFlight = 0
  readonly #target: AdapterTarget
  readonly #context: AdapterContext
  #connection: Promise<AdapterConnection> | undefined

  constructor(target: AdapterTarget, context: AdapterContext) {
    this.#target = target
    this.#context = context
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
      return await adapter.connect(this.#target, this.#context)
    } catch (error) {
      this.#connection = undefined
      throw error
    }
  }
}
