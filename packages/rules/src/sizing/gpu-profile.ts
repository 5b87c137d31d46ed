import { asciiLowerCase } from '../ascii-lower-case.js'
import { catalog } from '../catalog/catalog.js'
import type { Gpu, GpuVllmSupport } from '../catalog/hardware.js'
import { findGpu } from '../hardware-facts.js'
import { nearest } from '../nearest.js'
import { SizingInputError } from './sizing-input-error.js'

/** What memory needs to know of a GPU. */
export interface GpuProfile {
  /** Catalog id; `unknown` where only the memory is given. */
  readonly id: string
  /** As people read it. */
  readonly name: string
  /** What CUDA reports as its memory, GiB. */
  readonly totalGiB: number
  /** Whether that figure was read from a log. */
  readonly isTotalVerified: boolean
  /** Compute capability × 10, such as 89; 0 for AMD. */
  readonly capability: number
  /** Streaming multiprocessors: kernels keep one buffer for each. */
  readonly multiprocessors: number
  /** Whether its makers link several of them directly. */
  readonly isLinked: boolean
  /** Whether vLLM's default batch treats it as an A100. */
  readonly isA100: boolean
  /** What vLLM runs on it. */
  readonly support: GpuVllmSupport
}

/** GiB of gaming and workstation bridges carry less than this, GB/s; they are sold apart and usually absent. */
const slowestServerLinkGBs = 300

// Full-chip counts of the product as sold, from the makers' data sheets.
const multiprocessorsOf: Readonly<Record<string, number>> = {
  t4: 40,
  v100: 80,
  a10: 72,
  a10g: 80,
  l4: 58,
  l40: 142,
  l40s: 142,
  a100: 108,
  h100: 132,
  h200: 132,
  b200: 148,
  mi300x: 304,
  'rtx-3090': 82,
  'rtx-4090': 128,
  'rtx-a6000': 84,
  'rtx-pro-6000-server': 188,
}
const usualMultiprocessors = 132

const everything: GpuVllmSupport = {
  fp16: true,
  bf16: true,
  fp8W8A8: true,
  fp8WeightOnlyMarlin: true,
  awq: true,
  gptq: true,
  marlin: true,
  int8W8A8: true,
  bitsandbytes: true,
}

const profiles = new Map<string, GpuProfile>()

/** The profile of a catalog GPU, by id or alias. Throws a `SizingInputError` for any other name. */
export function gpuProfileOf(name: string): GpuProfile {
  const remembered = profiles.get(name)
  if (remembered !== undefined) return remembered
  const gpu = typeof name === 'string' ? findGpu(name) : undefined
  if (gpu === undefined) throw unknownGpu(name)
  const profile = profileOf(gpu)
  // Ids alone are remembered: other spellings are the caller's.
  if (asciiLowerCase(name) === gpu.id) profiles.set(gpu.id, profile)
  return profile
}

/** A GPU of which only the memory is known: it supports everything. */
export function unnamedGpu(totalGiB: number): GpuProfile {
  return {
    id: 'unknown',
    name: `GPU with ${totalGiB} GiB`,
    totalGiB,
    isTotalVerified: true,
    capability: 90,
    multiprocessors: usualMultiprocessors,
    isLinked: true,
    isA100: false,
    support: everything,
  }
}

function profileOf(gpu: Gpu): GpuProfile {
  const isAmd = gpu.vendor === 'AMD'
  return Object.freeze({
    id: gpu.id,
    name: gpu.name,
    totalGiB: gpu.totalGiB,
    isTotalVerified: gpu.totalGiBVerified,
    capability: isAmd ? 0 : Math.round(Number(gpu.computeCapability) * 10),
    multiprocessors: multiprocessorsOf[gpu.product] ?? usualMultiprocessors,
    // Cards in PCIe form have bridges between two at best.
    isLinked: (gpu.nvlinkGBs ?? 0) >= slowestServerLinkGBs && !gpu.id.endsWith('-pcie'),
    isA100: gpu.product === 'a100',
    support: gpu.vllm,
  })
}

function unknownGpu(name: unknown): SizingInputError {
  const expected = 'the id of a GPU of the catalog (or gpuTotalGiB instead)'
  return new SizingInputError({ field: 'gpu', value: name, expected, nearest: nearestGpu(String(name)) })
}

/** The catalog's GPU whose id, name or product looks most like a text. */
function nearestGpu(text: string): string | undefined {
  const gpus = Object.values(catalog.gpus)
  const wanted = withoutSeparators(text)
  const same = gpus.find((gpu) =>
    [gpu.id, gpu.name, ...gpu.aliases].some((known) => withoutSeparators(known) === wanted),
  )
  if (same !== undefined) return same.id
  const names = new Map<string, string>()
  // The first card of a product stands for it.
  for (const gpu of gpus)
    for (const known of [gpu.id, gpu.product, gpu.name, ...gpu.aliases]) if (!names.has(known)) names.set(known, gpu.id)
  const [closest] = nearest(text, [...names.keys()], 1)
  return closest === undefined ? undefined : names.get(closest)
}

function withoutSeparators(text: string): string {
  return asciiLowerCase(text.slice(0, 128)).replace(/[\s_-]+/g, '')
}
