import { catalog } from './catalog/catalog.js'
import type { CatalogFamily } from './catalog/catalog-family.js'
import type { AllowedFamilies, CatalogFeature } from './catalog/catalog-feature.js'
import type { CatalogModel } from './catalog/catalog-model.js'
import type { ProductState } from './catalog/release.js'
import { compareGitLabVersions, parseGitLabVersion } from './gitlab-version.js'
import { latestOf, type ReleaseSelection } from './release-selection.js'
import type { FamilyKey } from './vocabulary.js'

/** What GitLab itself knows about assigning a model to a feature, beside what the documentation says about quality. */
export interface ProductFacts {
  /** The setting key that is assigned: the feature itself, or the one that stands for a column. */
  readonly setting: CatalogFeature
  /** State of the feature in the release; absent where no source says. */
  readonly featureState?: ProductState | undefined
  /** The model's family; absent where it is not known. */
  readonly family?: CatalogFamily | undefined
  /** True when the release has the family; absent where the release or the family is not known. */
  readonly familyExists?: boolean | undefined
  /** The families the release allows; absent where no source says. */
  readonly allowed?: AllowedFamilies | undefined
}

/** Looks up what GitLab lets an administrator do with a feature and a family in a release. */
export function productFacts(
  feature: CatalogFeature,
  familyKey: FamilyKey | undefined,
  { version }: ReleaseSelection,
): ProductFacts {
  const setting = feature.setting === undefined ? feature : catalog.features[feature.setting]
  const family = familyKey === undefined ? undefined : catalog.families[familyKey]
  if (version === undefined) return { setting, family }
  const familySince = family === undefined ? undefined : parseGitLabVersion(family.since)
  return {
    setting,
    featureState: latestOf(setting.states ?? [], version)?.state,
    family,
    familyExists: familySince === undefined ? undefined : compareGitLabVersions(familySince, version) <= 0,
    allowed: latestOf(setting.families ?? [], version),
  }
}

/** The family of a model, unless it is only assumed. */
export function knownFamilyOf(model: CatalogModel | undefined): FamilyKey | undefined {
  return model === undefined || model.familyKeyBasis === 'assumed' ? undefined : model.familyKey
}

/** Whether GitLab lets an administrator assign the family to the feature. */
export function allowedByProduct({ family, familyExists, allowed }: ProductFacts): boolean | 'unknown' {
  if (familyExists === false) return false
  if (family === undefined || allowed === undefined) return 'unknown'
  return allowed.keys.includes(family.id)
}

/** The less mature of the feature's state and the family's. */
export function productState({ featureState, family }: ProductFacts): ProductState | 'unknown' {
  if (featureState === undefined) return 'unknown'
  const order: readonly ProductState[] = ['experiment', 'beta', 'generally-available']
  const states = family === undefined ? [featureState] : [featureState, family.state]
  return order.find((state) => states.includes(state)) ?? 'unknown'
}

/** Whether a release has a feature; `undefined` where no source says. */
export function featureExists({ since, notYetIn }: CatalogFeature, { version }: ReleaseSelection): boolean | undefined {
  if (version === undefined) return undefined
  const first = since === undefined ? undefined : parseGitLabVersion(since)
  if (first !== undefined) return compareGitLabVersions(version, first) >= 0
  const without = notYetIn === undefined ? undefined : parseGitLabVersion(notYetIn)
  if (without === undefined) return undefined
  // Patch releases bring no features, so the whole minor release lacks it.
  return compareGitLabVersions([version[0], version[1], 0], without) > 0
}
