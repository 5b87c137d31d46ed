import { catalog } from './catalog/catalog.js'
import type { CatalogModel } from './catalog/catalog-model.js'
import { deepFreeze } from './catalog/deep-freeze.js'
import { builtInRules } from './checks/index.js'
import { compatibility, describeFeature, featureContext } from './compatibility.js'
import type { FeatureVerdict } from './feature-verdict.js'
import type { ReleaseSelection } from './release-selection.js'
import type { DeploymentContext, FeatureContext, Rule } from './rule.js'
import { planRules } from './rule-plan.js'
import { atRoot, type JudgedFinding, runRules } from './run-rule.js'
import type { FamilyKey, FeatureId, PlatformId } from './vocabulary.js'

/** What there is to say about a deployment serving a feature. */
export interface FeatureJudgement {
  /** Findings with paths relative to the route. */
  readonly judged: readonly JudgedFinding[]
  /** What the documentation says. */
  readonly verdict: FeatureVerdict
}

/** What is known about a model on a platform before any setting of its deployment is looked at. Shared. */
export interface ModelJudgement {
  /** The platform it is judged on. */
  readonly platform: string | undefined
  /** The family it is judged as. */
  readonly family: FamilyKey | undefined
  /** Whether the release was stated. */
  readonly releaseStated: boolean
  /** Whether the terms for beta features are accepted, where that is stated. */
  readonly betaFeatures: boolean | undefined
  /** Whether no model rule objects. */
  readonly quiet: boolean
  /** What was worked out about features. */
  readonly features: Map<FeatureId, FeatureJudgement>
}

// Nothing in it is of the caller's making, so it cannot outgrow the catalog.
const remembered = new WeakMap<ReleaseSelection, Map<CatalogModel, ModelJudgement[]>>()

/**
 * Recalls what was worked out about a deployment's model. With the built-in rules and a catalog model on a documented
 * platform, model and feature rules hang on facts of the catalog and few settings; otherwise nothing is remembered.
 */
export function recallModel(context: DeploymentContext, rules: readonly Rule[]): ModelJudgement | undefined {
  const { model, platform, family, releaseStated, gitlab } = context
  if (rules !== builtInRules || model === undefined) return undefined
  const betaFeatures = gitlab?.betaFeatures
  const known = remembered.get(context.release)?.get(model)
  // These, the model and the release are all that those rules read; a test watches what they read.
  if (known !== undefined)
    for (const entry of known)
      if (
        entry.platform === platform &&
        entry.family === family &&
        entry.releaseStated === releaseStated &&
        entry.betaFeatures === betaFeatures
      )
        return entry
  if (!isOfCatalog(model) || !isDocumented(platform)) return undefined
  const judged: JudgedFinding[] = []
  runRules(planRules(rules).model, context, atRoot, judged)
  const quiet = judged.length === 0
  const entry = { platform, family, releaseStated, betaFeatures, quiet, features: new Map() }
  judgementsOf(model, context.release).push(entry)
  return entry
}

function judgementsOf(model: CatalogModel, release: ReleaseSelection): ModelJudgement[] {
  let ofRelease = remembered.get(release)
  if (ofRelease === undefined) {
    ofRelease = new Map()
    remembered.set(release, ofRelease)
  }
  let known = ofRelease.get(model)
  if (known === undefined) {
    known = []
    ofRelease.set(model, known)
  }
  return known
}

/** Judges a deployment serving a feature; worked out once where the model is remembered, and then shared and frozen. */
export function judgeFeature(
  context: DeploymentContext,
  id: FeatureId,
  rules: readonly Rule[],
  known: ModelJudgement | undefined,
): FeatureJudgement {
  const before = known?.features.get(id)
  if (before !== undefined) return before
  const judgement = workOut(context, id, rules)
  if (known === undefined) return judgement
  const shared = { judged: deepFreeze(judgement.judged), verdict: judgement.verdict }
  known.features.set(id, shared)
  return shared
}

function workOut(context: DeploymentContext, id: FeatureId, rules: readonly Rule[]): FeatureJudgement {
  const feature = featureContextOf(context, id)
  const judged: JudgedFinding[] = []
  runRules(planRules(rules).feature, feature, atRoot, judged)
  return { judged, verdict: featureVerdict(feature, rules) }
}

// A platform the caller adds is on no page: the model's own level counts.
function featureContextOf(context: DeploymentContext, id: FeatureId): FeatureContext {
  const platform = Object.hasOwn(catalog.platforms, context.platform ?? '') ? context.platform : undefined
  return featureContext({ ...context, feature: catalog.features[id], platform })
}

function featureVerdict(context: FeatureContext, rules: readonly Rule[]): FeatureVerdict {
  const { model, feature, platform, release } = context
  // The remembered verdicts are those of the built-in rules and models.
  if (rules !== builtInRules || (model !== undefined && !isOfCatalog(model))) return describeFeature(context, rules)
  // A model that only a family names, or nobody knows, is in no table that could be remembered.
  if (model === undefined || !(platform === undefined || isDocumented(platform))) return describeFeature(context)
  return compatibility({ model: model.id, feature: feature.id, platform, release: release.release })
}

function isOfCatalog({ id }: CatalogModel): boolean {
  return Object.hasOwn(catalog.models, id)
}

function isDocumented(platform: string | undefined): platform is PlatformId {
  return platform !== undefined && Object.hasOwn(catalog.platforms, platform)
}
