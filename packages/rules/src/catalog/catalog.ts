import type { FamilyKey, FeatureId, PlatformId } from '../vocabulary.js'
import { architectures } from './architectures.generated.js'
import type { GpuId, MachineId, ModelId, SourceId } from './catalog.generated.js'
import * as tables from './catalog.generated.js'
import type { CatalogArchitecture } from './catalog-architecture.js'
import type { CatalogFamily } from './catalog-family.js'
import type { CatalogFeature } from './catalog-feature.js'
import type { CatalogModel } from './catalog-model.js'
import type { CatalogPlatform } from './catalog-platform.js'
import { deepFreeze } from './deep-freeze.js'
import type { Gpu, HardwareRequirements, Machine, ResponseTime, ResponseTimeMachine } from './hardware.js'
import type { Release } from './release.js'
import type { Serving } from './serving.js'
import type { Source, SourceConflict } from './source.js'
import type { SpeedProfile } from './speed-profile.js'
import { type SpeedProfileId, speedProfiles } from './speed-profiles.generated.js'

/** Every fact this package knows, each with its source. Tables of things with an id are keyed by it. */
export interface Catalog {
  /** Models, with what each release says about them. */
  readonly models: Readonly<Record<ModelId, CatalogModel>>
  /** The shape of every self-hosted model: layers, heads, experts, vocabulary. Models that only a cloud serves have none. */
  readonly architectures: Readonly<Partial<Record<ModelId, CatalogArchitecture>>>
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
  /** How fast an engine generation runs on a family of GPUs, each figure with its origin. */
  readonly speedProfiles: Readonly<Record<SpeedProfileId, SpeedProfile>>
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
    return frozenTable('models', tables.models)
  },
  get architectures() {
    return frozenTable('architectures', architectures)
  },
  get platforms() {
    return frozenTable('platforms', tables.platforms)
  },
  get servings() {
    return frozenTable('servings', tables.servings)
  },
  get features() {
    return frozenTable('features', tables.features)
  },
  get families() {
    return frozenTable('families', tables.families)
  },
  get gpus() {
    return frozenTable('gpus', tables.gpus)
  },
  get machines() {
    return frozenTable('machines', tables.machines)
  },
  get hardwareRequirements() {
    return frozenTable('hardwareRequirements', tables.hardwareRequirements)
  },
  get responseTimeMachines() {
    return frozenTable('responseTimeMachines', tables.responseTimeMachines)
  },
  get responseTimes() {
    return frozenTable('responseTimes', tables.responseTimes)
  },
  get speedProfiles() {
    return frozenTable('speedProfiles', speedProfiles)
  },
  get releases() {
    return frozenTable('releases', tables.releases)
  },
  get sources() {
    return frozenTable('sources', tables.sources)
  },
  get sourceConflicts() {
    return frozenTable('sourceConflicts', tables.sourceConflicts)
  },
})

type Tables = { -readonly [Name in keyof Catalog]?: Catalog[Name] }

// Asking an object whether it is frozen takes longer the more keys it has, so the answer is kept.
const frozen: Tables = {}

function frozenTable<Name extends keyof Catalog>(name: Name, written: Catalog[Name]): Catalog[Name] {
  let table: Catalog[Name] | undefined = frozen[name]
  if (table === undefined) {
    table = deepFreeze(written)
    frozen[name] = table
  }
  return table
}
