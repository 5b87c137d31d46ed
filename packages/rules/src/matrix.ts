import { features, type ModelId, modelIds, models } from './catalog/catalog.generated.js'
import type { CatalogFeature } from './catalog/catalog-feature.js'
import type { CatalogModel } from './catalog/catalog-model.js'
import { assertionOf, selectRelease } from './release-selection.js'
import { levelOf } from './support-level.js'
import type { FeatureId, PlatformId, SupportLevel } from './vocabulary.js'

export type { ModelId } from './catalog/catalog.generated.js'
export type { FeatureId, PlatformId, SupportLevel } from './vocabulary.js'
export { modelIds }

/** Every feature id: the columns of the documentation and GitLab's setting keys. */
export const featureIds: readonly FeatureId[] = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ Object.keys(features) as FeatureId[],
)

/** Every platform id. */
export const platformIds: readonly PlatformId[] = /* @__PURE__ */ Object.freeze([
  'vllm',
  'bedrock',
  'azure-openai',
] as const)

/** What `supportLevel` is asked. */
export interface SupportQuestion {
  /** Catalog id of the model. */
  readonly model: ModelId
  /** The feature. */
  readonly feature: FeatureId
  /** Where it is served. Left out: the platform is not judged. */
  readonly platform?: PlatformId | undefined
  /** GitLab release, such as `18.2`. Left out: the newest one the catalog has. */
  readonly release?: string | undefined
}

/**
 * The documented level of one cell: the `level` of `compatibility`, without reasons and sources. Knows ids alone; any
 * other name is `unlisted`. Never throws.
 */
export function supportLevel({ model, feature, platform, release }: SupportQuestion): SupportLevel {
  if (!Object.hasOwn(models, model) || !Object.hasOwn(features, feature)) return 'unlisted'
  const record: CatalogModel = models[model]
  const asked: CatalogFeature = features[feature]
  return levelOf(assertionOf(record, selectRelease(release)), asked, platform)
}

/** The name of a model as people read it; the id itself where it is not known. */
export function modelName(id: ModelId): string {
  return Object.hasOwn(models, id) ? models[id].name : id
}

/** The name of a feature as people read it; the id itself where it is not known. */
export function featureName(id: FeatureId): string {
  return Object.hasOwn(features, id) ? features[id].title : id
}
