import type { ModelLifecycle } from './catalog/catalog-model.js'
import type { ProductState } from './catalog/release.js'
import type { FactReference, Finding } from './finding.js'
import type { SupportLevel, SupportStatus } from './vocabulary.js'

/** What the documentation says about one model doing one feature. Shared and frozen: compare by identity, never change. */
export interface FeatureVerdict {
  /** The level in the scale of the model's table, or `unlisted` where the documentation says nothing. */
  readonly level: SupportLevel
  /** The release's own wording of the level, such as "Largely compatible" or "Limited functionality". */
  readonly wording?: string | undefined
  /** What GitLab promises about the model; absent for a model the release does not list. */
  readonly status?: SupportStatus | undefined
  /** Where the model stands in its life in that release; absent where the model is not known. */
  readonly lifecycle?: ModelLifecycle | undefined
  /** Why it is so, and what to know beside it; empty for a plain `full`. */
  readonly reasons: readonly Finding[]
  /** Where it stands. */
  readonly sources: readonly FactReference[]
  /** What GitLab lets an administrator select, whatever the documentation says about quality; absent without a model. */
  readonly productGate?: ProductGate | undefined
}

/** What the product lets an administrator select. It is no statement about quality. */
export interface ProductGate {
  /** Whether the model's family may be assigned to the feature; `unknown` where no source says. */
  readonly allowed: boolean | 'unknown'
  /**
   * The less mature of the feature's and the family's state in the product. Beta and experiment are offered only after
   * the terms for beta features are accepted.
   */
  readonly state: ProductState | 'unknown'
  /** What to know about it. */
  readonly reasons: readonly Finding[]
}
