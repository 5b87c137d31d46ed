import type { FeatureColumnId, FeatureId } from '../vocabulary.js'
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
  /** First GitLab release with this feature on self-hosted models; absent where no page says. */
  readonly since?: string
}
