import type { ModelId } from './catalog/catalog.generated.js'
import type { CatalogModel } from './catalog/catalog-model.js'
import type { DeploymentSettings, GitLabSettings, ServerSettings } from './configuration.js'
import type { FeatureId, PlatformId } from './vocabulary.js'

/** A configuration whose structure is valid, with every default filled in. This is what the client works from. */
export interface ResolvedConfiguration {
  /** GitLab's own settings, when the configuration has them. */
  readonly gitlab?: GitLabSettings | undefined
  /** Every deployment by its name. */
  readonly deployments: Readonly<Record<string, ResolvedDeployment>>
  /** For each routed feature the deployments that serve it: the primary, then its fallbacks. */
  readonly features: Readonly<Partial<Record<FeatureId, readonly string[]>>>
}

/** One deployment, ready to be called. */
export interface ResolvedDeployment {
  /** Its name in the configuration; `default` for a configuration that is a single deployment. */
  readonly name: string
  /** Where it is served: a documented platform, or one the caller adds. */
  readonly platform: PlatformId | (string & {})
  /** The catalog's model, when the name is known to it. */
  readonly modelId?: ModelId | undefined
  /** The same model's record. */
  readonly model?: CatalogModel | undefined
  /** The model as the configuration names it. */
  readonly modelName: string
  /**
   * The name the endpoint answers to: `servedModelName` on vLLM (by default the Hugging Face id, or else the model as
   * written), `modelId` on Bedrock, `deployment` on Azure OpenAI.
   */
  readonly servedModelName: string
  /** URLs of all replicas; empty for a platform that finds its endpoint by region. */
  readonly endpoints: readonly string[]
  /** The secret to present. Keep it out of logs. */
  readonly apiKey?: string | undefined
  /** What is known about the server: its fields, and what its `serveArgs` state where no field does. */
  readonly server?: ServerSettings | undefined
  /** The deployment as it was written. Holds `apiKey` too. */
  readonly settings: DeploymentSettings
}
