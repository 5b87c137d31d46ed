import type { FactReference, Finding } from './finding.js'
import type { SupportLevel, SupportStatus } from './vocabulary.js'

/** What the documentation says about one model doing one feature. Shared and frozen: compare by identity, never change. */
export interface FeatureVerdict {
  /** The level in the scale of the model's table, or `unlisted` where the documentation says nothing. */
  readonly level: SupportLevel
  /** What GitLab promises about the model; absent for a model the release does not list. */
  readonly status?: SupportStatus | undefined
  /** Why it is so, and what to know beside it; empty for a plain `full`. */
  readonly reasons: readonly Finding[]
  /** Where it stands. */
  readonly sources: readonly FactReference[]
}
