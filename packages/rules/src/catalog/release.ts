import type { ConfigurableSupportLevel, FeatureColumnId, GradedSupportLevel, Tier } from '../vocabulary.js'
import type { SourceReference } from './source.js'

/** What was true of GitLab Duo Self-Hosted from one GitLab release on. */
export interface Release extends SourceReference {
  /** GitLab version, major and minor. */
  readonly id: string
  /** Tiers that may use the product. Empty where the product was not entitled to any by licence. */
  readonly tiers: readonly Tier[]
  /** The add-on that is needed; absent where none was. */
  readonly addOn?: 'gitlab-duo' | 'duo-enterprise'
  /** State of the product itself. */
  readonly status: 'experiment' | 'beta' | 'generally-available'
  /** The view of the models table that speaks for this release; absent where the catalog holds none. */
  readonly view?: ReleaseView
}

/** How one release's models table words its levels. */
export interface ReleaseView extends SourceReference {
  /** Columns the table has. */
  readonly columns: readonly FeatureColumnId[]
  /** The printed wording of every graded level. */
  readonly gradedWording: Readonly<Record<GradedSupportLevel, string>>
  /** The printed wording of every configurable level. */
  readonly configurableWording: Readonly<Record<ConfigurableSupportLevel, string>>
}
