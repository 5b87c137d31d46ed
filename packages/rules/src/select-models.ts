import { catalog } from './catalog/catalog.js'
import type { CatalogModel, ModelAssertion, ModelLifecycle } from './catalog/catalog-model.js'
import { type CompatibilityQuestion, compatibility } from './compatibility.js'
import type { FeatureVerdict } from './feature-verdict.js'
import { findGpu, fitOf, gpuSet, type HardwareFit, type KnownGpu, requirementOf } from './hardware-facts.js'
import { listingOf, selectRelease } from './release-selection.js'
import type {
  ConfigurableSupportLevel,
  FeatureColumnId,
  FeatureId,
  GradedSupportLevel,
  PlatformId,
  SupportLevel,
  SupportStatus,
} from './vocabulary.js'

/** What a model has to be. Everything left out is not asked for. */
export interface ModelFilter {
  /** Listed for this platform. */
  readonly platform?: PlatformId | undefined
  /** Documented for this feature: full, partial or yes, unless `atLeast` says otherwise. */
  readonly feature?: FeatureId | undefined
  /**
   * Least level for the feature, or for every column when `feature` is left out. Compared within its own scale only:
   * `full` and `partial` never select an experimental model, `yes` selects nothing else.
   */
  readonly atLeast?: GradedSupportLevel | ConfigurableSupportLevel | undefined
  /** What GitLab promises about it. */
  readonly status?: SupportStatus | undefined
  /** Where it stands in its life. Left out: every model that the release lists, compatible-only ones included. */
  readonly lifecycle?: Exclude<ModelLifecycle, 'unlisted'> | undefined
  /** GitLab release. Default: the newest the catalog has. */
  readonly release?: string | undefined
  /**
   * GPUs to run it on. Drops models that a documented row says do not fit, and cloud-only models; models without a row
   * stay, with `fit: 'unknown'`.
   */
  readonly fitsOn?: { readonly gpu: string; readonly gpuCount: number } | undefined
}

/** A model that a filter selected. */
export interface ModelMatch {
  /** The model. */
  readonly model: CatalogModel
  /** Its status in the release. */
  readonly status: SupportStatus
  /** Where it stands in its life in the release. */
  readonly lifecycle: ModelLifecycle
  /** Platforms it is listed for, or carried over where the page of the release prints none. */
  readonly platforms: readonly PlatformId[]
  /** Verdict of the feature that was asked for, or of every column of the release. */
  readonly verdicts: Readonly<Partial<Record<FeatureId, FeatureVerdict>>>
  /** How it fits on `fitsOn`, by documented rows only; absent when that was not asked. */
  readonly fit?: 'fits' | 'source-conflict' | 'unknown' | undefined
}

/** The models of a release that match a filter, in the catalog's order. Unknown ids select nothing. */
export function selectModels(filter: ModelFilter = {}): ModelMatch[] {
  return selectFrom(Object.values(catalog.models), filter, { compatibility, findGpu })
}

/** What a selection asks about each model. */
export interface SelectionFacts {
  /** The verdict of one cell. */
  readonly compatibility: (question: CompatibilityQuestion) => FeatureVerdict
  /** The GPU with this id or other name. */
  readonly findGpu: (name: string) => KnownGpu | undefined
}

/** The models of a list that match a filter, in its order. */
export function selectFrom(models: readonly CatalogModel[], filter: ModelFilter, facts: SelectionFacts): ModelMatch[] {
  const matches: ModelMatch[] = []
  for (const model of models) {
    const match = matchModel(model, filter, facts)
    if (match !== undefined) matches.push(match)
  }
  return matches
}

function matchModel(model: CatalogModel, filter: ModelFilter, facts: SelectionFacts): ModelMatch | undefined {
  const release = selectRelease(filter.release)
  const { assertion, lifecycle } = listingOf(model, release)
  if (assertion === undefined) return undefined
  if (filter.lifecycle !== undefined && filter.lifecycle !== lifecycle) return undefined
  if (filter.status !== undefined && filter.status !== assertion.status) return undefined
  if (filter.platform !== undefined && !isListed(assertion, filter.platform)) return undefined
  const columns = release.view?.columns ?? []
  const verdicts = verdictsOf(model, filter.feature === undefined ? columns : [filter.feature], filter, facts)
  if (!satisfies(Object.values(verdicts), filter)) return undefined
  const fit = filter.fitsOn === undefined ? undefined : fitOn(model, assertion.platforms, filter.fitsOn, facts)
  if (fit === 'no') return undefined
  const { status, platforms } = assertion
  return { model, status, lifecycle, platforms, verdicts, ...(fit === undefined ? {} : { fit }) }
}

function isListed({ platforms, otherPlatforms = [] }: ModelAssertion, platform: string): boolean {
  return platforms.some((id) => id === platform) || otherPlatforms.includes(platform)
}

function verdictsOf(
  model: CatalogModel,
  features: readonly (FeatureId | FeatureColumnId)[],
  { platform, release }: ModelFilter,
  facts: SelectionFacts,
): Partial<Record<FeatureId, FeatureVerdict>> {
  const verdicts: Partial<Record<FeatureId, FeatureVerdict>> = {}
  for (const feature of features)
    verdicts[feature] = facts.compatibility({ model: model.id, feature, platform, release })
  return verdicts
}

function satisfies(verdicts: readonly FeatureVerdict[], { feature, atLeast }: ModelFilter): boolean {
  if (atLeast !== undefined) return verdicts.every(({ level }) => reaches(level, atLeast))
  return feature === undefined || verdicts.every(({ level }) => usable.includes(level))
}

const usable: readonly SupportLevel[] = ['full', 'partial', 'yes']
const gradedScale: readonly SupportLevel[] = ['none', 'partial', 'full']
const configurableScale: readonly SupportLevel[] = ['no', 'yes']

function reaches(level: SupportLevel, least: SupportLevel): boolean {
  if (least === 'not-applicable') return level === least || gradedScale.includes(level)
  const scale = configurableScale.includes(least) ? configurableScale : gradedScale
  return scale.includes(level) && scale.indexOf(level) >= scale.indexOf(least)
}

const fitWords: Readonly<Record<HardwareFit, 'fits' | 'source-conflict' | 'no'>> = {
  enough: 'fits',
  'source-conflict': 'source-conflict',
  'gpu-below-minimum': 'no',
  'vram-below-minimum': 'no',
}

function fitOn(
  model: CatalogModel,
  platforms: readonly PlatformId[],
  { gpu, gpuCount }: NonNullable<ModelFilter['fitsOn']>,
  facts: SelectionFacts,
): ModelMatch['fit'] | 'no' {
  if (!platforms.includes('vllm')) return 'no'
  const row = requirementOf(model)
  const record = facts.findGpu(gpu)
  if (row === undefined || record === undefined) return 'unknown'
  return fitWords[fitOf(gpuSet(record, gpuCount, record.memoryGB), row)]
}
