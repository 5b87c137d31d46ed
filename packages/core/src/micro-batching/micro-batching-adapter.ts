import type { AdapterConnection, AdapterContext, AdapterTarget, ModelAdapter } from '@duo-models/adapters'
import type { Clock } from '../scheduling/clock.js'
import type { MicroBatchSettings } from './micro-batch-settings.js'
import { MicroBatchingConnection, type SharingConnection } from './micro-batching-connection.js'

/** A platform whose raw prompts share requests, on each endpoint for itself, where the platform can do that. */
export class MicroBatchingAdapter implements ModelAdapter {
  readonly platform: string
  readonly supportsRawPrompts: boolean | undefined
  readonly #adapter: ModelAdapter
  readonly #settings: MicroBatchSettings
  readonly #clock: Clock

  constructor(adapter: ModelAdapter, settings: MicroBatchSettings, clock: Clock) {
    this.platform = adapter.platform
    this.supportsRawPrompts = adapter.supportsRawPrompts
    this.#adapter = adapter
    this.#settings = settings
    this.#clock = clock
  }

  async connect(target: AdapterTarget, context: AdapterContext): Promise<AdapterConnection> {
    const connection = await this.#adapter.connect(target, context)
    return canShare(connection) ? new MicroBatchingConnection(connection, this.#settings, this.#clock) : connection
  }
}

function canShare(connection: AdapterConnection): connection is SharingConnection {
  return connection.streamMany !== undefined && connection.sharingKey !== undefined
}
