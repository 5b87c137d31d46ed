import type { GpuProfile } from './gpu-profile.js'
import type { MemoryCalibration } from './memory-calibration.js'
import type { ComputeDtype, ModelArchitecture, QuantizationSettings } from './model-architecture.js'
import type { VllmRelease } from './vllm-release.js'

/** A question about memory with everything filled in: what the formulas work on. */
export interface MemoryCase {
  /** The model. */
  readonly architecture: ModelArchitecture
  /** The card, with the caller's own figure for its memory where one was given. */
  readonly gpu: GpuProfile
  /** GPUs that every layer is split over. */
  readonly tensorParallelSize: number
  /** Whether whole experts are shared out. */
  readonly expertParallel: boolean
  /** Groups of GPUs that share the layers. */
  readonly pipelineParallelSize: number
  /** Format of weights and activations. */
  readonly dtype: ComputeDtype
  /** What `--dtype` said; `auto` may fall back. */
  readonly requestedDtype: 'auto' | ComputeDtype
  /** Bytes of one value in that format. */
  readonly dtypeBytes: 2 | 4
  /** How linear layers are stored; absent: in `dtype`. */
  readonly quantization: QuantizationSettings | undefined
  /** What `--quantization` said. */
  readonly requestedQuantization: string | undefined
  /** Format of the cache. */
  readonly kvCacheDtype: 'auto' | 'fp8'
  /** Longest request, tokens. */
  readonly maxModelLength: number
  /** Requests in one step. */
  readonly maxNumSeqs: number
  /** Tokens in one step. */
  readonly maxNumBatchedTokens: number
  /** Share of the card. */
  readonly gpuMemoryUtilization: number
  /** `--kv-cache-memory-bytes`, in GiB. */
  readonly kvCacheMemoryGiB: number | undefined
  /** Tokens of one block. */
  readonly blockSize: number
  /** Whether CUDA graphs are off. */
  readonly enforceEager: boolean
  /** Whether long prompts are read in pieces. */
  readonly chunkedPrefill: boolean
  /** Whether FlashInfer samples. */
  readonly flashInferSampler: boolean
  /** Whether the GPUs are linked directly. */
  readonly nvlink: boolean
  /** The version. */
  readonly release: VllmRelease
  /** The engine. */
  readonly engine: 'v0' | 'v1'
  /** Corrections from a start-up log. */
  readonly calibration: MemoryCalibration | undefined
}

/** Bytes of one GiB. */
export const bytesPerGiB = 2 ** 30
