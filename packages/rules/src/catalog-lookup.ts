import { catalog } from './catalog/catalog.js'
import type { CatalogModel } from './catalog/catalog-model.js'
import { findModel, findModelExactly } from './find-model.js'
import { findGpu, type KnownGpu } from './hardware-facts.js'

/** How rules find what a configuration names: in the catalog, and in what a caller adds to it. */
export interface CatalogLookup {
  /** The model with exactly this name. */
  readonly findModel: (name: string) => CatalogModel | undefined
  /** Ids of models whose names look like this one. Never applied. */
  readonly suggestModels: (name: string) => readonly string[]
  /** The GPU with this id or other name. */
  readonly findGpu: (name: string) => KnownGpu | undefined
  /** Ids of all GPUs. */
  readonly gpuIds: readonly string[]
  /** A platform's name as people read it. */
  readonly platformName: (id: string) => string
}

/** The catalog of this package alone. */
export const builtInLookup: CatalogLookup = {
  findModel: findModelExactly,
  suggestModels: (name) => findModel(name).suggestions ?? [],
  findGpu,
  get gpuIds() {
    return Object.keys(catalog.gpus)
  },
  platformName: (id) => (Object.hasOwn(catalog.platforms, id) ? catalog.platforms[id as 'vllm'].name : id),
}
