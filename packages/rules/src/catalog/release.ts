import type { ConfigurableSupportLevel, FeatureColumnId, GradedSupportLevel, Tier } from '../vocabulary.js'
import type { SourceReference } from './source.js'

/** State of the product, of a feature or of a model family. */
export type ProductState = 'experiment' | 'beta' | 'generally-available'

/** What was true of GitLab Duo Self-Hosted from one GitLab release on. */
export interface Release extends SourceReference {
  /** GitLab version, major and minor. */
  readonly id: string
  /** Tiers that may use the product. Empty where the product was not entitled to any by licence. */
  readonly tiers: readonly Tier[]
  /** The add-on that every licence needs; absent where none is. */
  readonly addOn?: 'gitlab-duo' | 'duo-enterprise'
  /** The add-on that an offline licence needs for the Agent Platform; absent where none is. */
  readonly offlineAgentPlatformAddOn?: 'duo-agent-platform-self-hosted'
  /** State of the product itself. */
  readonly status: ProductState
  /** Where GitLab may run. */
  readonly offerings: readonly ('self-managed' | 'dedicated-for-government')[]
  /** The view of the models table that speaks for this release; absent where the catalog holds none. */
  readonly view?: ReleaseView
}

/** How one release's models table words its levels. */
export interface ReleaseView extends SourceReference {
  /** Columns the table has. */
  readonly columns: readonly FeatureColumnId[]
  /** Titles of columns that this release names differently. */
  readonly columnTitles?: Readonly<Partial<Record<FeatureColumnId, string>>>
  /**
   * The printed wording of every graded level the release uses. `none` is "Not compatible" up to 18.6 and "Limited
   * functionality" from 18.7 on: the definition is the same, so the level and its rank are too.
   */
  readonly gradedWording: Readonly<Partial<Record<GradedSupportLevel, string>>>
  /** The printed wording of every configurable level; empty where no table of the release uses that scale. */
  readonly configurableWording: Readonly<Partial<Record<ConfigurableSupportLevel, string>>>
  /** What to know about the page. */
  readonly note?: string
}
