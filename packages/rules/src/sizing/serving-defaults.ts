import type { GpuProfile } from './gpu-profile.js'
import type { ComputeDtype, ModelArchitecture } from './model-architecture.js'
import { since, type VllmRelease } from './vllm-release.js'

/** Tokens and requests of one step. */
export interface BatchSize {
  /** `--max-num-batched-tokens`. */
  readonly maxNumBatchedTokens: number
  /** `--max-num-seqs`. */
  readonly maxNumSeqs: number
}

const large: BatchSize = { maxNumBatchedTokens: 8192, maxNumSeqs: 1024 }
const manyRequests: BatchSize = { maxNumBatchedTokens: 2048, maxNumSeqs: 1024 }
const small: BatchSize = { maxNumBatchedTokens: 2048, maxNumSeqs: 256 }

/** GiB from which a card counts as large. */
const largeCardGiB = 70

/** Contexts longer than this are read in pieces by V0. */
export const longContext = 32_768

/** What `vllm serve` of a V1 engine takes as one step when nothing is said. */
export function defaultBatch(gpu: GpuProfile, { number }: VllmRelease): BatchSize {
  const isHopperName = gpu.id.startsWith('h100') || gpu.id.startsWith('h200')
  if (number < since.smallerBatches) return isHopperName ? large : manyRequests
  if (number < since.batchesByMemory) return isHopperName ? large : small
  const isLarge = gpu.totalGiB >= largeCardGiB && !(gpu.isA100 && number >= since.smallBatchesOnA100)
  return isLarge ? large : small
}

/** The share of the card that vLLM takes when nothing is said. */
export function defaultUtilization({ number }: VllmRelease): number {
  return number >= since.cudaGraphsCounted ? 0.92 : 0.9
}

/** Whether V0 reads long prompts in pieces when nothing is said. */
export function chunksByDefault(architecture: ModelArchitecture, maxModelLength: number): boolean {
  return (
    maxModelLength > longContext &&
    architecture.slidingWindow === undefined &&
    architecture.latentAttention === undefined
  )
}

/** Tokens of one step that V0 takes when nothing is said: without pieces, a whole prompt. */
export function defaultV0Tokens({ number }: VllmRelease, maxModelLength: number, chunkedPrefill: boolean): number {
  if (!chunkedPrefill) return Math.max(maxModelLength, small.maxNumBatchedTokens)
  return number < since.largerChunks ? 512 : small.maxNumBatchedTokens
}

/** Requests of one step that V0 takes when nothing is said. */
export const defaultV0Seqs = small.maxNumSeqs

/** What decides whether a version between the engines falls back to V0. */
export interface EngineQuestion {
  /** The model. */
  readonly architecture: ModelArchitecture
  /** The card. */
  readonly gpu: GpuProfile
  /** The version. */
  readonly release: VllmRelease
  /** Format of weights and activations. */
  readonly dtype: ComputeDtype
  /** Format of the cache. */
  readonly kvCacheDtype: 'auto' | 'fp8'
  /** Groups of GPUs that share the layers. */
  readonly pipelineParallelSize: number
}

/** The engine a version starts: V1 from 0.8 on, unless it does not support what is asked and V0 is still there. */
export function defaultEngine(question: EngineQuestion): 'v0' | 'v1' {
  const { number } = question.release
  if (number < since.v1) return 'v0'
  return number < since.withoutV0 && needsV0(question) ? 'v0' : 'v1'
}

function needsV0({ architecture, gpu, release, dtype, kvCacheDtype, pipelineParallelSize }: EngineQuestion): boolean {
  if (gpu.capability < 80 || dtype === 'float32') return true
  if (pipelineParallelSize > 1 && release.number < since.smallBatchesOnA100) return true
  if (release.number >= since.v1Fp8Cache) return false
  return (architecture.linearAttentionLayers ?? 0) > 0 || (kvCacheDtype === 'fp8' && gpu.capability < 90)
}

/** Tokens of one block: the attention kernels for a latent cache take larger ones from Hopper on. */
export function defaultBlockSize({ latentAttention }: ModelArchitecture, gpu: GpuProfile, engine: 'v0' | 'v1'): number {
  return latentAttention !== undefined && engine === 'v1' && gpu.capability >= 90 ? 64 : 16
}
