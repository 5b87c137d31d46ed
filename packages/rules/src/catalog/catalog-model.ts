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
  /** Hugging Face repository; absent for models that only a cloud serves. */
  readonly huggingFaceId?: string
  /** The documented link, for models without a Hugging Face repository. */
  readonly vendorUrl?: string
  /** Further names that mean exactly this model. */
  readonly aliases: readonly string[]
  /** What the pages say, oldest first. A later record replaces an earlier one from its `since` on. */
  readonly assertions: readonly ModelAssertion[]
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
  /** Where it may be served. */
  readonly platforms: readonly PlatformId[]
  /** One level per column that page has. */
  readonly levels: Readonly<Partial<Record<FeatureColumnId, GradedSupportLevel | ConfigurableSupportLevel>>>
}
