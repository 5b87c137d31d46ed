import type { MemoryCase } from './memory-case.js'
import { since } from './vllm-release.js'

/*
 * GiB outside PyTorch, read from start-up logs. Loaded kernels take a fixed amount that grows with the chip, NCCL one
 * that grows with the GPUs, and the CUDA context counts in the versions that measure after it exists.
 */

const amdGiB = 2
const newerRuntimeGiB = 0.12
const unlinkedGiB = 0.16
const fusionWorkspaceGiB = 1.4

/** GiB outside PyTorch on one GPU. */
export function nonTorchGiB(question: MemoryCase): number {
  return kernelsGiB(question) + communicationGiB(question) + (countsContext(question) ? contextGiB(question) : 0)
}

/** GiB of the CUDA context: what a card has in use before anything is loaded. */
export function contextGiB({ gpu }: Pick<MemoryCase, 'gpu'>): number {
  return Math.min(0.5, Math.max(0.25, gpu.totalGiB / 96))
}

function kernelsGiB({ gpu, engine, release }: MemoryCase): number {
  if (gpu.capability === 0) return amdGiB
  const newer = release.number >= since.largerRuntime ? newerRuntimeGiB : 0
  const isV0 = engine === 'v0'
  if (gpu.capability >= 90) return (isV0 ? 0.2 : 0.13) + newer
  if (gpu.capability === 80) return (isV0 ? 0.1 : 0.08) + newer
  if (gpu.capability === 70) return 0.09
  return (isV0 ? 0.05 : 0.03) + newer
}

function communicationGiB({
  gpu,
  engine,
  release,
  tensorParallelSize,
  pipelineParallelSize,
  nvlink,
}: MemoryCase): number {
  if (tensorParallelSize === 1) return 0
  if (!nvlink) return unlinkedGiB
  if (engine === 'v0') return 0.1 + 0.25 * tensorParallelSize
  const fuses = release.number >= since.allReduceFusion && isFusionCard(gpu.capability) && pipelineParallelSize === 1
  return 0.36 + 0.03 * tensorParallelSize + (fuses ? fusionWorkspaceGiB : 0)
}

function isFusionCard(capability: number): boolean {
  return capability >= 90 && capability < 120
}

function countsContext({ engine, release: { number } }: MemoryCase): boolean {
  if (engine === 'v1') return number < since.v1WithoutContext
  return number >= since.largerChunks && number < since.v0WithoutContext
}

const usualGraphsGiB = 0.5

/** GiB that a version subtracts for CUDA graphs before it sizes the cache; 0 in versions that capture them outside. */
export function countedGraphsGiB({ enforceEager, release, calibration }: MemoryCase): number {
  if (enforceEager || release.number < since.cudaGraphsCounted) return 0
  return calibration?.cudaGraphsGiB ?? usualGraphsGiB
}
