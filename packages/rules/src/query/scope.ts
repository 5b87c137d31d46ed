import type { FeatureId, PlatformId } from '../vocabulary.js'

/** What the terms of one conjunction say about each other: `level full` speaks of the features beside it. */
export interface Scope {
  /** The GitLab release; left out, the newest the catalog has. */
  readonly release?: string | undefined
  /** The platform; left out, any. */
  readonly platform?: PlatformId | undefined
  /** The features; empty for every column of the release. */
  readonly features: readonly FeatureId[]
  /** Whether a level is asked for, which then decides what counts as serving a feature. */
  readonly graded: boolean
}

/** What a term adds to the scope of the conjunction it stands in. */
export interface ScopeBinding {
  readonly release?: string | undefined
  readonly platform?: PlatformId | undefined
  readonly feature?: FeatureId | undefined
  readonly graded?: true | undefined
}
