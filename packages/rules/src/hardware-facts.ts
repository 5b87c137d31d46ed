import { asciiLowerCase } from './ascii-lower-case.js'
import { catalog } from './catalog/catalog.js'
import type { CatalogModel } from './catalog/catalog-model.js'
import type { Gpu, GpuRequirement } from './catalog/hardware.js'
import type { CatalogLookup } from './catalog-lookup.js'
import type { HardwareSettings } from './configuration.js'

/** What rules need to know of a GPU: one of the catalog, or one the caller adds. */
export interface KnownGpu {
  /** Id, as configurations name it. */
  readonly id: string
  /** Name as people read it. */
  readonly name: string
  /** Further spellings. */
  readonly aliases: readonly string[]
  /** Cards of one product differ only in memory and form. */
  readonly product: string
  /** Nominal memory, in GB. */
  readonly memoryGB: number
}

/** The GPUs of a deployment, as far as they are stated. */
export interface GpuSet {
  /** The catalog's GPU; absent for one it does not know. */
  readonly gpu?: KnownGpu | undefined
  /** How many. */
  readonly count: number
  /** Memory of all of them, GB. */
  readonly totalMemoryGB: number
  /** Memory of one of them, GB. */
  readonly memoryGB: number
}

let gpusByName: ReadonlyMap<string, Gpu> | undefined

/** The GPU with this id or other name; case does not count. */
export function findGpu(name: string): Gpu | undefined {
  gpusByName ??= indexGpus()
  // Nearly every configuration writes a name as the catalog does.
  return gpusByName.get(name) ?? gpusByName.get(asciiLowerCase(name.trim()))
}

function indexGpus(): ReadonlyMap<string, Gpu> {
  const names = new Map<string, Gpu>()
  for (const gpu of Object.values(catalog.gpus))
    for (const name of [gpu.id, gpu.name, ...gpu.aliases]) names.set(name, gpu).set(asciiLowerCase(name), gpu)
  return names
}

/** The stated GPUs, or `undefined` where kind, memory or number is left out: silence is no fault. */
export function gpuSetOf(
  hardware: HardwareSettings | undefined,
  lookup: Pick<CatalogLookup, 'findGpu'> = { findGpu },
): GpuSet | undefined {
  if (hardware?.gpuCount === undefined) return undefined
  const gpu = hardware.gpu === undefined ? undefined : lookup.findGpu(hardware.gpu)
  const memory = gpu?.memoryGB ?? hardware.gpuMemoryGB
  if (memory === undefined) return undefined
  return gpuSet(gpu, hardware.gpuCount, memory)
}

/** A set of equal GPUs. */
export function gpuSet(gpu: KnownGpu | undefined, count: number, memoryGB: number): GpuSet {
  return { gpu, count, memoryGB, totalMemoryGB: count * memoryGB }
}

/** A set in words, such as "2 × NVIDIA A100 40 GB (80 GB)". */
export function labelOf({ gpu, count, memoryGB, totalMemoryGB }: GpuSet): string {
  return `${count} × ${gpu?.name ?? `GPU with ${memoryGB} GB`} (${totalMemoryGB} GB)`
}

/** The row of the GPU table that speaks of a model; most models have none. */
export function requirementOf(model: CatalogModel | undefined): GpuRequirement | undefined {
  if (model === undefined) return undefined
  rowsByModel ??= indexRows()
  return rowsByModel.get(model.id)
}

let rowsByModel: ReadonlyMap<string, GpuRequirement> | undefined

function indexRows(): ReadonlyMap<string, GpuRequirement> {
  const rows = new Map<string, GpuRequirement>()
  for (const row of catalog.hardwareRequirements.gpuRows)
    for (const model of row.models) if (!rows.has(model)) rows.set(model, row)
  return rows
}

/** The minimum set of a row. */
export function minimumSetOf({ gpu, gpuCount }: GpuRequirement): GpuSet {
  const record = catalog.gpus[gpu]
  return gpuSet(record, gpuCount, record.memoryGB)
}

/** How documented GPUs relate to a documented row. */
export type HardwareFit = 'enough' | 'gpu-below-minimum' | 'vram-below-minimum' | 'source-conflict'

/**
 * Judges a set by a row. A row whose two numbers contradict each other fails a set below both, passes one above both,
 * and is a conflict in between. Only GPUs of the documented product are held to the documented set: another product
 * is judged by its memory.
 */
export function fitOf(set: GpuSet, row: GpuRequirement): HardwareFit {
  const minimum = minimumSetOf(row)
  const contradictory = minimum.totalMemoryGB < row.minimumVramGB
  const least = contradictory ? minimum.totalMemoryGB : row.minimumVramGB
  if (set.totalMemoryGB < least) return 'vram-below-minimum'
  if (contradictory) return set.totalMemoryGB < row.minimumVramGB ? 'source-conflict' : 'enough'
  const sameProduct = set.gpu !== undefined && set.gpu.product === minimum.gpu?.product
  return sameProduct && set.totalMemoryGB < minimum.totalMemoryGB ? 'gpu-below-minimum' : 'enough'
}
