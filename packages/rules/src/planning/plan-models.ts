import { catalog } from '../catalog/catalog.js'
import type { CatalogModel } from '../catalog/catalog-model.js'
import { compatibility } from '../compatibility.js'
import { findModelExactly } from '../find-model.js'
import { selectModels } from '../select-models.js'
import { architectureOf } from '../sizing/find-architecture.js'
import type { ModelArchitecture } from '../sizing/model-architecture.js'
import { SizingInputError } from '../sizing/sizing-input-error.js'
import type { FeatureId, SupportLevel } from '../vocabulary.js'
import type { PlanInput } from './plan-input.js'

/** A model that plans are made for. */
export interface PlannableModel {
  readonly architecture: ModelArchitecture
  /** Absent for an architecture of the caller. */
  readonly model?: CatalogModel
  /** How well it serves the features that were asked for; higher is better, 0 where none were. */
  readonly merit: number
}

/** What each level counts. The scales do not convert: `yes` says less than any grade that is usable. */
const merits: Readonly<Partial<Record<SupportLevel, number>>> = { full: 3, partial: 2, yes: 1 }

/**
 * The models of a question. Throws a `SizingInputError` where none is named or known, and where no self-hosted model of
 * the release serves all features.
 */
export function plannableModels(input: PlanInput): PlannableModel[] {
  const { features, model, architecture } = input
  if (architecture !== undefined || model !== undefined) return [namedModel(input)]
  if (features === undefined || features.length === 0)
    throw new SizingInputError({
      field: 'model',
      value: undefined,
      expected: 'a model of the catalog, an architecture, or the features to serve,',
    })
  return bestModels(input, features)
}

function namedModel(input: PlanInput): PlannableModel {
  const architecture = architectureOf(input)
  const model = input.architecture === undefined ? findModelExactly(input.model ?? '') : undefined
  return { architecture, merit: 0, ...(model === undefined ? {} : { model }) }
}

function bestModels(input: PlanInput, features: readonly FeatureId[]): PlannableModel[] {
  const { release, atLeast = 'partial' } = input
  checkFeatures(features)
  const [first = 'duo-chat', ...others] = features
  const candidates = selectModels({ platform: 'vllm', feature: first, release, ...least(atLeast) })
  const models = candidates.flatMap(({ model }) => {
    const architecture = catalog.architectures[model.id]
    const levels = [first, ...others].map(
      (feature) => compatibility({ model: model.id, feature, platform: 'vllm', release }).level,
    )
    const merit = levels.every((level) => reaches(level, atLeast)) ? sumOf(levels) : 0
    return architecture === undefined || merit === 0 ? [] : [{ model, architecture, merit }]
  })
  if (models.length > 0) return models
  throw new SizingInputError({
    field: 'features',
    value: features.join(', '),
    expected: `features that one self-hosted model of the release serves at the level '${atLeast}'`,
  })
}

function least(atLeast: 'full' | 'partial' | 'yes') {
  return { atLeast }
}

function reaches(level: SupportLevel, atLeast: 'full' | 'partial' | 'yes'): boolean {
  if (atLeast === 'partial') return level === 'full' || level === 'partial'
  return level === atLeast
}

function sumOf(levels: readonly SupportLevel[]): number {
  return levels.reduce((sum, level) => sum + (merits[level] ?? 0), 0)
}

function checkFeatures(features: readonly FeatureId[]): void {
  for (const feature of features)
    if (!Object.hasOwn(catalog.features, feature))
      throw new SizingInputError({ field: 'features', value: feature, expected: 'the id of a feature' })
}
