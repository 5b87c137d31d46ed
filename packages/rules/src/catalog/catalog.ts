import type { FamilyKey, FeatureId, PlatformId } from '../vocabulary.js'
import type { GpuId, MachineId, ModelId, SourceId } from './catalog.generated.js'
import * as tables from './catalog.generated.js'
import type { CatalogFamily } from './catalog-family.js'
import type { CatalogFeature } from './catalog-feature.js'
import type { CatalogModel } from './catalog-model.js'
import type { CatalogPlatform } from './catalog-platform.js'
import { deepFreeze } from './deep-freeze.js'
import type { Gpu, HardwareRequirements, Machine, ResponseTime, ResponseTimeMachine } from './hardware.js'
import type { Release } from './release.js'
import type { Serving } from './serving.js'
import type { Source, SourceConflict } from './source.js'

/** Every fact this package knows, each with its source. Tables of things with an id are keyed by it. */
export interface Catalog {
  /** Models, with what each release says about them. */
  readonly models: Readonly<Record<ModelId, CatalogModel>>
  /** Serving platforms. */
  readonly platforms: Readonly<Record<PlatformId, CatalogPlatform>>
  /** What is special about a model on a platform; differences only. */
  readonly servings: readonly Serving[]
  /** Columns of the documentation, and GitLab's setting keys. */
  readonly features: Readonly<Record<FeatureId, CatalogFeature>>
  /** GitLab's model families, by their stable key. */
  readonly families: Readonly<Record<FamilyKey, CatalogFamily>>
  /** GPUs. */
  readonly gpus: Readonly<Record<GpuId, Gpu>>
  /** Machine types of the clouds. */
  readonly machines: Readonly<Record<MachineId, Machine>>
  /** Documented hardware minimums. */
  readonly hardwareRequirements: HardwareRequirements
  /** Machines of the response-time tables. */
  readonly responseTimeMachines: readonly ResponseTimeMachine[]
  /** Documented response times. */
  readonly responseTimes: readonly ResponseTime[]
  /** GitLab releases from which on something changed, keyed by version, oldest first. */
  readonly releases: Readonly<Record<string, Release>>
  /** Pages, files and logs that facts come from. */
  readonly sources: Readonly<Record<SourceId, Source>>
  /** Where sources contradict one another, and what is done about it. */
  readonly sourceConflicts: readonly SourceConflict[]
}

/** Every fact this package knows, deep-frozen. A table is frozen when it is first read, so importing costs nothing. */
export const catalog: Catalog = /* @__PURE__ */ Object.freeze({
  get models() {
    return deepFreeze(tables.models)
  },
  get platforms() {
    return deepFreeze(tables.platforms)
  },
  get servings() {
    return deepFreeze(tables.servings)
  },
  get features() {
    return deepFreeze(tables.features)
  },
  get families() {
    return deepFreeze(tables.families)
  },
  get gpus() {
    return deepFreeze(tables.gpus)
  },
  get machines() {
    return deepFreeze(tables.machines)
  },
  get hardwareRequirements() {
    return deepFreeze(tables.hardwareRequirements)
  },
  get responseTimeMachines() {
    return deepFreeze(tables.responseTimeMachines)
  },
  get responseTimes() {
    return deepFreeze(tables.responseTimes)
  },
  get releases() {
    return deepFreeze(tables.releases)
  },
  get sources() {
    return deepFreeze(tables.sources)
  },
  get sourceConflicts() {
    return deepFreeze(tables.sourceConflicts)
  },
})
