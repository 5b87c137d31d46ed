import type { FamilyKey, FeatureColumnId, FeatureId, FeatureSettingKey, Tier } from '../vocabulary.js'
import type { ProductState } from './release.js'
import type { SourceReference } from './source.js'

/** A feature: a column of the documentation, or one of GitLab's setting keys. */
export interface CatalogFeature extends SourceReference {
  /** Id, as configurations name it. */
  readonly id: FeatureId
  /** Title in the documentation or in GitLab's settings page. */
  readonly title: string
  /** A column has levels of its own; a setting key has the levels of its column. */
  readonly kind: 'column' | 'setting'
  /** The column whose levels apply; absent where the documentation has no column for this key. */
  readonly column?: FeatureColumnId
  /** The setting key that stands for this column in the product; columns only. */
  readonly setting?: FeatureSettingKey
  /** First GitLab release with this feature on self-hosted models; absent where no page says. */
  readonly since?: string
  /** The newest release known to lack it, where the first one that has it is not stated. */
  readonly notYetIn?: string
  /** State by release, oldest first; settings only. */
  readonly states?: readonly FeatureState[]
  /** Families that may be assigned, by release, oldest first; not known before the first record; settings only. */
  readonly families?: readonly AllowedFamilies[]
  /** Tiers that lack this feature although they have the product. */
  readonly excludedTiers?: readonly Tier[]
}

/** State of a feature from one GitLab release on. */
export interface FeatureState extends SourceReference {
  /** First GitLab release it holds for. */
  readonly since: string
  /** The state. Beta and experiment need accepted terms for beta features. */
  readonly state: ProductState
  /** True where no source states `since`. */
  readonly inferred?: boolean
}

/** The model families that GitLab lets an administrator assign to a feature, from one GitLab release on. */
export interface AllowedFamilies extends SourceReference {
  /** First GitLab release it holds for. */
  readonly since: string
  /** The families. */
  readonly keys: readonly FamilyKey[]
  /** The families that the feature then really uses, where these differ; any other falls back. */
  readonly usedKeys?: readonly FamilyKey[]
  /** True where no source states `since`. */
  readonly inferred?: boolean
}
