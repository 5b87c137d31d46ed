import type {
  ConfigurableSupportLevel,
  FamilyKey,
  FeatureColumnId,
  GradedSupportLevel,
  PlatformId,
  SupportStatus,
} from '../vocabulary.js'
import type { ModelId } from './catalog.generated.js'
import type { SourceReference } from './source.js'

/** A model of the documentation. */
export interface CatalogModel {
  /** Lower-case slug of the documented name. */
  readonly id: ModelId
  /** Name in the newest page that lists it. */
  readonly name: string
  /** GitLab's stable family key, which `modelFamily` in a configuration means. */
  readonly familyKey: FamilyKey
  /**
   * How well `familyKey` is known; absent where it is documented. `inferred`: follows from the model's name. `assumed`:
   * no family of its own was seen, so `general` is what an administrator would choose.
   */
  readonly familyKeyBasis?: 'inferred' | 'assumed'
  /** Hugging Face repository; absent for models that only a cloud serves, and for the row of any other model. */
  readonly huggingFaceId?: string
  /** The documented link, for models without a Hugging Face repository; absent where none was read. */
  readonly vendorUrl?: string
  /** Further names that mean exactly this model. */
  readonly aliases: readonly string[]
  /** What the pages say, oldest first. A later record replaces an earlier one from its `since` on. */
  readonly assertions: readonly ModelAssertion[]
  /** Releases whose page no longer lists the model, oldest first. A later assertion lists it again. */
  readonly removals?: readonly ModelRemoval[]
}

/** What one page says about a model. It holds until the next record's `since`. */
export interface ModelAssertion extends SourceReference {
  /** First GitLab release it holds for. */
  readonly since: string
  /** The family label of that page, such as "Claude 3". It changes; `familyKey` does not. */
  readonly family: string
  /** The model's name on that page, when it differs from `name`. */
  readonly name?: string
  /** What GitLab promises. Decides the scale: graded when generally available, configurable otherwise. */
  readonly status: SupportStatus
  /** Where it stands in its life. Absent means supported, as far as `status` promises it. */
  readonly lifecycle?: 'supported' | 'deprecated' | 'compatible-only'
  /** The model that GitLab recommends instead. */
  readonly replacement?: ModelId
  /** Where it may be served. */
  readonly platforms: readonly PlatformId[]
  /** Documented platforms that this package does not know further, by name. */
  readonly otherPlatforms?: readonly string[]
  /** Parts of this record that its page does not state. Pages from 18.10 on print no platforms. */
  readonly inferred?: readonly ('platforms' | 'lifecycle')[]
  /** One level per column that page has; none for a model that is compatible only. */
  readonly levels: Readonly<Partial<Record<FeatureColumnId, GradedSupportLevel | ConfigurableSupportLevel>>>
  /** Levels that another place contradicts, with the id of the conflict in `catalog.sourceConflicts`. */
  readonly conflicts?: readonly { readonly column: FeatureColumnId; readonly conflict: string }[]
}

/** The page of a release no longer lists a model. */
export interface ModelRemoval extends SourceReference {
  /** First GitLab release without it. */
  readonly since: string
  /** The model that GitLab recommended instead. */
  readonly replacement?: ModelId
}

/**
 * A model's life in GitLab: `supported`, then `deprecated`, then `compatible-only` (usable, without GitLab support and
 * without a documented level), then `unlisted`.
 */
export type ModelLifecycle = 'supported' | 'deprecated' | 'compatible-only' | 'unlisted'
