import type { AdapterResponse, Timing } from '@duo-models/adapters'
import type { Finding } from '@duo-models/rules'

/** A whole answer. */
export interface ModelResponse extends Omit<AdapterResponse, 'model'> {
  readonly timing: Timing
  /** The deployment that answered, by its name in the configuration. */
  readonly deployment: string
  /** The platform of that deployment. */
  readonly platform: string
  /** The model as the configuration names it: a catalog id, or the configured name where the catalog has none. */
  readonly model: string
  /** The name the server gave the model. */
  readonly servedModelName: string
  /** How many times the request was sent, this time included. */
  readonly attempts: number
  /** What the rules have to say about this feature on this deployment; filled with `compatibility: 'warn'`. */
  readonly warnings: readonly Finding[]
}
