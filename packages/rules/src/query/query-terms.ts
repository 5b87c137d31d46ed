import type { CatalogModel } from '../catalog/catalog-model.js'
import { compatibility } from '../compatibility.js'
import { findModelExactly } from '../find-model.js'
import { type ModelFilter, type ModelMatch, selectModels } from '../select-models.js'
import type { FeatureId, PlatformId, SupportLevel, SupportStatus } from '../vocabulary.js'
import { matchGlob } from './match-glob.js'
import type { Scope, ScopeBinding } from './scope.js'
import { isGlob, type Slot, slots } from './slot.js'

/** A kind of condition: how it is written, and which models it selects. */
export interface QueryTermDefinition {
  /** Its name in a parsed query. */
  readonly term: string
  /** The ways to write it, the first of them preferred: keywords and slots. All have the same slots, in one order. */
  readonly patterns: readonly (readonly (string | Slot)[])[]
  /** What it says about the terms beside it. */
  readonly bind?: ((values: readonly string[]) => ScopeBinding) | undefined
  /** The models it selects within a scope. */
  readonly select: (values: readonly string[], scope: Scope) => readonly ModelMatch[]
}

/** Every term. The parser and the evaluation know none by name. */
export const queryTerms: readonly QueryTermDefinition[] = [
  {
    term: 'feature',
    patterns: [['feature', slots.feature]],
    bind: ([feature]) => ({ feature: lower<FeatureId>(feature) }),
    select: ([feature], scope) =>
      selectModels({ ...filterOf(scope), ...(scope.graded ? {} : { feature: lower<FeatureId>(feature) }) }),
  },
  {
    term: 'level',
    patterns: [['level', slots.level]],
    bind: () => ({ graded: true }),
    select: ([level], scope) => selectByLevel(scope, (found) => found === lower(level)),
  },
  {
    term: 'at-least',
    patterns: [
      ['level', '>=', slots.level],
      ['level', 'at', 'least', slots.level],
      ['at', 'least', slots.level],
    ],
    bind: () => ({ graded: true }),
    select: ([level], scope) => {
      const atLeast = lower<NonNullable<ModelFilter['atLeast']>>(level)
      return intersect(featuresOf(scope).map((feature) => selectModels({ ...filterOf(scope), feature, atLeast })))
    },
  },
  {
    term: 'platform',
    patterns: [['platform', slots.platform]],
    bind: ([platform]) => ({ platform: lower<PlatformId>(platform) }),
    select: ([platform], scope) => selectModels({ ...filterOf(scope), platform: lower<PlatformId>(platform) }),
  },
  {
    term: 'status',
    patterns: [['status', slots.status]],
    select: ([status], scope) => selectModels({ ...filterOf(scope), status: lower<SupportStatus>(status) }),
  },
  {
    term: 'release',
    patterns: [['release', slots.release]],
    bind: ([release]) => ({ release: lower(release) }),
    select: ([release], scope) => selectModels({ ...filterOf(scope), release: lower(release) }),
  },
  {
    term: 'family',
    patterns: [['family', slots.family]],
    select: ([family], scope) => selectModels(filterOf(scope)).filter(({ model }) => model.familyKey === lower(family)),
  },
  {
    term: 'model',
    patterns: [['model', slots.model]],
    select: ([name = ''], scope) => selectModels(filterOf(scope)).filter(({ model }) => isNamed(model, name)),
  },
  {
    term: 'fits',
    patterns: [
      ['fits', slots.count, slots.gpu],
      ['fits', slots.count, 'x', slots.gpu],
    ],
    select: ([count, gpu = ''], scope) =>
      selectModels({ ...filterOf(scope), fitsOn: { gpu, gpuCount: Number(count) } }),
  },
  {
    term: 'gpu',
    patterns: [['gpu', slots.gpu, 'x', slots.count]],
    select: ([gpu = '', count], scope) =>
      selectModels({ ...filterOf(scope), fitsOn: { gpu, gpuCount: Number(count) } }),
  },
]

// The parser has made sure that the word is one of the slot's.
function lower<Word extends string>(word = ''): Word {
  return word.toLowerCase() as Word
}

function filterOf({ release, platform }: Scope): ModelFilter {
  return { release, platform }
}

function featuresOf({ features }: Scope): readonly (FeatureId | undefined)[] {
  return features.length === 0 ? [undefined] : features
}

function selectByLevel(scope: Scope, accepts: (level: SupportLevel) => boolean): readonly ModelMatch[] {
  return selectModels(filterOf(scope)).filter((match) => levelsOf(match, scope).every(accepts))
}

function levelsOf({ model, verdicts }: ModelMatch, scope: Scope): readonly SupportLevel[] {
  if (scope.features.length === 0) return Object.values(verdicts).map(({ level }) => level)
  const { release, platform } = scope
  return scope.features.map((feature) => compatibility({ model: model.id, feature, platform, release }).level)
}

function intersect(selections: readonly (readonly ModelMatch[])[]): readonly ModelMatch[] {
  const [first = [], ...others] = selections
  const ids = others.map((matches) => new Set(matches.map(({ model }) => model.id)))
  return first.filter(({ model }) => ids.every((known) => known.has(model.id)))
}

function isNamed(model: CatalogModel, name: string): boolean {
  if (!isGlob(name)) return findModelExactly(name)?.id === model.id
  return matchGlob(name, model.id) || (model.huggingFaceId !== undefined && matchGlob(name, model.huggingFaceId))
}
