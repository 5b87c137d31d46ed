import type { FamilyKey } from '../vocabulary.js'
import type { SourceId } from './catalog.generated.js'
import type { ProductState } from './release.js'
import type { SourceReference } from './source.js'

/** A model family of GitLab: what an administrator chooses beside the model's identifier. */
export interface CatalogFamily extends SourceReference {
  /** The stable key. */
  readonly id: FamilyKey
  /** Name in GitLab's form. */
  readonly name: string
  /** Number that GitLab stores for it. */
  readonly enumValue: number
  /** State in the product. A beta family is offered once the terms for beta features are accepted. */
  readonly state: ProductState
  /** First GitLab release of this catalog that has it. */
  readonly since: string
  /** True where no source states `since`. */
  readonly sinceInferred?: boolean
  /** Tokens of prompt and output together that the AI gateway assumes. */
  readonly contextTokens: number
  /** Most output tokens the AI gateway asks for by default; absent where it sets no limit. */
  readonly defaultMaxOutputTokens?: number
  /** Source of the two token numbers. */
  readonly tokensSource: SourceId
}
