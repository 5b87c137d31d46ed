import type { FeatureVerdict } from './feature-verdict.js'
import type { Finding } from './finding.js'
import type { FeatureId, Verdict } from './vocabulary.js'

/** What `checkConfig` found about one deployment. */
export interface DeploymentReport {
  /** The worst word of this deployment. */
  readonly verdict: Verdict
  /** One verdict per feature routed to it; a feature nobody asked for is absent. */
  readonly features: Readonly<Partial<Record<FeatureId, FeatureVerdict>>>
  /** The findings about this deployment; all of them are in the report's `findings` too. */
  readonly findings: readonly Finding[]
}

/** What `checkConfig` found. */
export interface Report {
  /** True when no finding is of severity `error`. */
  readonly ok: boolean
  /** The worst word of all deployments and of the findings about the configuration itself. */
  readonly verdict: Verdict
  /** Everything, in the order of the configuration. */
  readonly findings: readonly Finding[]
  /** One entry per deployment whose structure could be read. */
  readonly deployments: Readonly<Record<string, DeploymentReport>>
}
