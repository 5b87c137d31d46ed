import type { ModelArchitecture } from '../sizing/model-architecture.js'
import type { ModelId } from './catalog.generated.js'
import type { SourceReference } from './source.js'

/** The shape of a self-hosted model of the catalog, with what its publisher says about its size and its licence. */
export interface CatalogArchitecture extends ModelArchitecture {
  /** The model; `name` is the same. */
  readonly id: ModelId
  /** Parameters as the publisher states them. */
  readonly publishedParameters: PublishedParameters
  /** Name of the licence of the weights. */
  readonly licence: string
  /** What the licence forbids that a production service may need, in a sentence; absent where nothing of the kind is known. */
  readonly licenceRestriction?: string
  /** Whether the Hugging Face repository asks for an accepted licence or a login; absent where it is not known. */
  readonly gated?: boolean
  /** What to know about this model's size. */
  readonly notes?: readonly string[]
  /** Where the figures come from. */
  readonly sources: readonly SourceReference[]
}

/** A parameter count that somebody published. */
export interface PublishedParameters extends SourceReference {
  /** How many. */
  readonly count: number
  /** Whether the count is exact to the last parameter; otherwise it is rounded. */
  readonly exact: boolean
  /** How many of them are in layers that only speculative decoding loads. Default: none. */
  readonly speculative?: number
}
