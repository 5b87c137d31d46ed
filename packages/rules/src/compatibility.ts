import type { ModelId } from './catalog/catalog.generated.js'
import { catalog } from './catalog/catalog.js'
import type { CatalogModel } from './catalog/catalog-model.js'
import { deepFreeze } from './catalog/deep-freeze.js'
import { builtInRules } from './checks/index.js'
import { factReference } from './fact-reference.js'
import type { FeatureVerdict, ProductGate } from './feature-verdict.js'
import { findModelExactly } from './find-model.js'
import type { Finding } from './finding.js'
import { nearest } from './nearest.js'
import { allowedByProduct, featureExists, knownFamilyOf, productFacts, productState } from './product-gate.js'
import { assertionOf, listingOf, type ReleaseSelection, selectRelease } from './release-selection.js'
import type { FeatureContext, Rule } from './rule.js'
import { judge } from './run-rule.js'
import { showValue } from './show-value.js'
import { levelOf } from './support-level.js'
import type { FeatureId, PlatformId, SupportLevel } from './vocabulary.js'

/** What `compatibility` is asked. */
export interface CompatibilityQuestion {
  /** Catalog id of the model. Any other exact name of it works too, a little slower. */
  readonly model: ModelId
  /** The feature. */
  readonly feature: FeatureId
  /** Where it is served. Left out: the platform is not judged. */
  readonly platform?: PlatformId | undefined
  /** GitLab release, such as `18.2`. Left out: the newest one the catalog has. */
  readonly release?: string | undefined
}

type PlatformCells = Map<string, FeatureVerdict>
type ReleaseCells = Map<string, Map<string, PlatformCells>>

const anyPlatform = ''
const cellsByRelease = new Map<ReleaseSelection, ReleaseCells>()
let newest: { readonly selection: ReleaseSelection; readonly cells: ReleaseCells } | undefined

/**
 * What the documentation says about a model doing a feature. The verdict is shared and frozen. An id that the catalog
 * does not know gives `unlisted` with a reason that suggests others; it never throws.
 */
export function compatibility(question: CompatibilityQuestion): FeatureVerdict {
  const { model, feature, platform = anyPlatform, release } = question
  if (release === undefined) {
    const hit = newest?.cells.get(model)?.get(feature)?.get(platform)
    if (hit !== undefined) return hit
  }
  return lookUp(selectRelease(release), release === undefined, model, feature, platform)
}

function lookUp(
  selection: ReleaseSelection,
  isNewest: boolean,
  modelName: string,
  featureName: string,
  platform: string,
): FeatureVerdict {
  const cells = cellsOf(selection)
  if (isNewest) newest = { selection, cells }
  const hit = cells.get(modelName)?.get(featureName)?.get(platform)
  if (hit !== undefined) return hit
  const verdict = describe(selection, modelName, featureName, platform)
  // Only ids are remembered, so that the table cannot grow with what callers invent.
  if (isKnownCell(modelName, featureName, platform)) remember(cells, modelName, featureName, platform, verdict)
  return verdict
}

function cellsOf(selection: ReleaseSelection): ReleaseCells {
  let cells = cellsByRelease.get(selection)
  if (cells === undefined) {
    if (cellsByRelease.size >= 64) cellsByRelease.clear()
    cells = new Map()
    cellsByRelease.set(selection, cells)
  }
  return cells
}

function isKnownCell(model: string, feature: string, platform: string): boolean {
  return (
    Object.hasOwn(catalog.models, model) &&
    Object.hasOwn(catalog.features, feature) &&
    (platform === anyPlatform || Object.hasOwn(catalog.platforms, platform))
  )
}

function remember(cells: ReleaseCells, model: string, feature: string, platform: string, verdict: FeatureVerdict) {
  const features = cells.get(model) ?? new Map<string, PlatformCells>()
  const platforms = features.get(feature) ?? new Map<string, FeatureVerdict>()
  cells.set(model, features.set(feature, platforms.set(platform, verdict)))
}

function describe(release: ReleaseSelection, name: string, featureName: string, platform: string): FeatureVerdict {
  if (!Object.hasOwn(catalog.features, featureName)) return unknownFeature(featureName)
  const feature = catalog.features[featureName as FeatureId]
  const model = findModelExactly(name)
  return describeFeature({
    release,
    // The question names a release or accepts the newest, so what it answers is about that release.
    releaseStated: true,
    modelName: String(name),
    model,
    family: knownFamilyOf(model),
    feature,
    ...(platform === anyPlatform ? {} : { platform }),
  })
}

/** What a feature's level is judged from. */
export type FeatureQuestion = Omit<FeatureContext, 'assertion' | 'level' | 'status' | 'wording'>

/** Completes a question with the level, status and wording of the selected release. */
export function featureContext(question: FeatureQuestion): FeatureContext {
  const { model, feature, platform, release, releaseStated, gitlab, lookup, modelName, family, deployment } = question
  const assertion = model && assertionOf(model, release)
  const level = levelOf(assertion, feature, platform)
  return {
    release,
    releaseStated,
    gitlab,
    lookup,
    modelName,
    model,
    family,
    platform,
    deployment,
    feature,
    assertion,
    level,
    status: assertion?.status,
    wording: wordingOf(release, level),
  }
}

/** The verdict on a question that is already taken apart; `compatibility` remembers what this works out. */
export function describeFeature(question: FeatureQuestion, rules: readonly Rule[] = builtInRules): FeatureVerdict {
  const context = featureContext(question)
  const { level, status, wording, assertion, model, release } = context
  const gate = productGateOf(context, rules)
  return deepFreeze({
    level,
    ...(wording === undefined ? {} : { wording }),
    ...(status === undefined ? {} : { status }),
    ...(model === undefined ? {} : { lifecycle: listingOf(model, release).lifecycle }),
    reasons: reasonsOf(context, 'documentation', rules),
    sources: assertion === undefined ? [] : [factReference(assertion)],
    ...(gate === undefined ? {} : { productGate: gate }),
  })
}

function productGateOf(context: FeatureContext, rules: readonly Rule[]): ProductGate | undefined {
  const { model, family, feature, release } = context
  if ((model === undefined && family === undefined) || release.view === undefined) return undefined
  const facts = productFacts(feature, family, release)
  const allowed = featureExists(feature, release) === false ? false : allowedByProduct(facts)
  return { allowed, state: productState(facts), reasons: reasonsOf(context, 'product', rules) }
}

function reasonsOf(context: FeatureContext, layer: NonNullable<Rule['layer']>, rules: readonly Rule[]): Finding[] {
  const reasons: Finding[] = []
  for (const rule of rules) {
    if (rule.scope === 'configuration' || rule.scope === 'deployment') continue
    if ((rule.layer ?? 'documentation') !== layer) continue
    for (const { finding } of judge(rule, rule.check(context), '')) reasons.push({ ...finding, path: '' })
  }
  return reasons
}

function wordingOf({ view }: ReleaseSelection, level: SupportLevel): string | undefined {
  const graded: Readonly<Record<string, string>> | undefined = view?.gradedWording
  const configurable: Readonly<Record<string, string>> | undefined = view?.configurableWording
  return configurable?.[level] ?? graded?.[level]
}

function unknownFeature(name: unknown): FeatureVerdict {
  const [suggestion] = typeof name === 'string' ? nearest(name, Object.keys(catalog.features)) : []
  const message = `${showValue(name)} is no feature of GitLab Duo Self-Hosted.`
  const fix = suggestion === undefined ? {} : { fix: { description: `Did you mean '${suggestion}'?` } }
  const reason: Finding = { rule: 'feature-unknown', severity: 'error', path: '', message, ...fix, sources: [] }
  return deepFreeze({ level: 'unlisted', reasons: [reason], sources: [] })
}

/** The features among `names` that a model is documented for in a release: full, partial or yes. */
export function documentedFeatures(model: CatalogModel, release: ReleaseSelection): FeatureId[] {
  const levels = assertionOf(model, release)?.levels ?? {}
  const usable: readonly SupportLevel[] = ['full', 'partial', 'yes']
  const ids = Object.keys(catalog.features) as FeatureId[]
  return ids.filter((id) => id in levels && usable.includes(levels[id as keyof typeof levels] ?? 'unlisted'))
}
