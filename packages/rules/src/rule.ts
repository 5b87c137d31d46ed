import type { CatalogFeature } from './catalog/catalog-feature.js'
import type { CatalogModel, ModelAssertion } from './catalog/catalog-model.js'
import type { SourceReference } from './catalog/source.js'
import type { CatalogLookup } from './catalog-lookup.js'
import type { DeploymentSettings, GitLabSettings } from './configuration.js'
import type { FactReference, Fix } from './finding.js'
import type { ReleaseSelection } from './release-selection.js'
import type { ResolvedConfiguration, ResolvedDeployment } from './resolved-configuration.js'
import type { RuleNeed } from './rule-needs.js'
import type { FamilyKey, PlatformId, Severity, SupportLevel, SupportStatus, Verdict } from './vocabulary.js'

/** What a rule says when it objects. Paths are relative to what the rule looks at. */
export interface Problem {
  /** What is wrong, naming the value. Show values with care: never a secret. */
  readonly message: string
  /** JSON Pointer relative to the deployment (scopes `model`, `deployment`), the feature's route, or the configuration. */
  readonly path?: string | undefined
  /** Instead of the rule's severity. */
  readonly severity?: Severity | undefined
  /** Instead of the rule's verdict. */
  readonly verdict?: Verdict | undefined
  /** How to put it right; patch paths are relative in the same way. */
  readonly fix?: Fix | undefined
  /** Instead of the rule's sources. */
  readonly sources?: readonly FactReference[] | undefined
}

/** What a check returns: nothing when it has no objection. */
export type RuleResult = Problem | readonly Problem[] | undefined

interface RuleBase<Scope extends string, Context> {
  /** Stable id in kebab-case; it is the `rule` of its findings. */
  readonly id: string
  /** Severity of its findings unless a problem says otherwise. */
  readonly severity: Severity
  /** What it looks at, and how often it runs. */
  readonly scope: Scope
  /** What it guards against, in one sentence. */
  readonly description: string
  /** Word its findings give the deployment. Default: `invalid` for errors, `warning` for warnings, none for infos. */
  readonly verdict?: Verdict | undefined
  /**
   * What it speaks about: what the documentation says about quality (the default), or what the product lets an
   * administrator select. `compatibility` keeps the two apart: product findings go to `productGate.reasons`.
   */
  readonly layer?: 'documentation' | 'product' | undefined
  /** Facts it rests on. */
  readonly sources: readonly SourceReference[]
  /** Looks for the problem. Must not throw and must not change the context. */
  readonly check: (context: Context) => RuleResult
}

/** Runs once per configuration. */
export interface ConfigurationRule extends RuleBase<'configuration', ConfigurationContext> {
  /** Parts of the configuration without any one of which it has no objection: then it is not run. Default: none. */
  readonly needs?: readonly Extract<RuleNeed, `gitlab.${string}`>[] | undefined
}
/** Runs once per configuration, and for `compatibility`: it knows the GitLab release only. */
export interface ReleaseRule extends RuleBase<'release', RuleContext> {}
/** Runs once per deployment. */
export interface DeploymentRule extends RuleBase<'deployment', DeploymentContext> {
  /** Parts of the configuration without any one of which it has no objection: then it is not run. Default: none. */
  readonly needs?: readonly RuleNeed[] | undefined
  /** Documented platforms outside of which it has no objection: there it is not run. Default: every platform. */
  readonly platforms?: readonly PlatformId[] | undefined
}
/** Runs once per deployment, and for `compatibility`: it knows the model and the platform only. */
export interface ModelRule extends RuleBase<'model', ModelContext> {}
/** Runs once per feature of a deployment, and for `compatibility`. */
export interface FeatureRule extends RuleBase<'feature', FeatureContext> {}

/** A rule is a value: the engine takes a list of them and knows none by name. */
export type Rule = ConfigurationRule | ReleaseRule | DeploymentRule | ModelRule | FeatureRule

/** What every rule may know. */
export interface RuleContext {
  /** The models table that answers. */
  readonly release: ReleaseSelection
  /** Whether the release was stated; when not, the newest known one is used and nothing may be blamed on it. */
  readonly releaseStated: boolean
  /** GitLab's own settings, when the question is about a configuration that has them. */
  readonly gitlab?: GitLabSettings | undefined
  /** How to find models, GPUs and platforms, those the caller adds included. Left out: the catalog alone. */
  readonly lookup?: CatalogLookup | undefined
}

/** What a configuration rule looks at. */
export interface ConfigurationContext extends RuleContext {
  /** The configuration. Deployments whose structure is broken are missing from it. */
  readonly configuration: ResolvedConfiguration
  /** Names of all deployments, broken ones included. */
  readonly deploymentNames: readonly string[]
  /** Routes as they were written: feature name to deployment names. Features may be unknown. */
  readonly routes: ReadonlyMap<string, readonly string[]>
}

/** What a model rule looks at. */
export interface ModelContext extends RuleContext {
  /** The model as it was named; absent when only a family was given. */
  readonly modelName?: string | undefined
  /** The catalog's model; absent when the name is unknown to it. */
  readonly model?: CatalogModel | undefined
  /** GitLab's key of its family: as the configuration states it, or else the catalog's where that is not a mere guess. */
  readonly family?: FamilyKey | undefined
  /** What the selected release says about it; absent when it does not list it. */
  readonly assertion?: ModelAssertion | undefined
  /** The platform; absent when the question left it open. */
  readonly platform?: string | undefined
}

/** What a deployment rule looks at. */
export interface DeploymentContext extends ModelContext {
  /** The deployment. */
  readonly deployment: ResolvedDeployment
  /** The deployment as it was written, with the keys any platform has. */
  readonly settings: DeploymentSettings
  /** Documented platforms and those the caller adds. */
  readonly knownPlatforms: readonly string[]
}

/** What a feature rule looks at. */
export interface FeatureContext extends ModelContext {
  /** The feature's record. */
  readonly feature: CatalogFeature
  /** Its level for this model, platform and release. */
  readonly level: SupportLevel
  /** What GitLab promises about the model. */
  readonly status?: SupportStatus | undefined
  /** The release's own wording of the level, such as "Largely compatible". */
  readonly wording?: string | undefined
  /** The deployment, when the question is about a configuration. */
  readonly deployment?: ResolvedDeployment | undefined
}

/**
 * Makes a rule for `checkConfig(config, { rules: [...builtInRules, yours] })`; the type of `check` follows from `scope`.
 *
 * @example
 * const ownRegion = defineRule({
 *   id: 'region-not-ours',
 *   severity: 'error',
 *   scope: 'deployment',
 *   description: 'Our data stays in eu-central-1.',
 *   sources: [],
 *   check: ({ settings }) =>
 *     settings['region'] === 'eu-central-1' ? undefined : { message: 'The Region is not eu-central-1.', path: '/region' },
 * })
 */
export function defineRule<const R extends Rule>(rule: R): R {
  return Object.freeze(rule)
}
