import type { FactReference, Finding } from '../finding.js'

/** What one GPU's memory goes to, in GiB (2^30 bytes). */
export interface GpuMemory {
  /** What CUDA reports as the card's memory. */
  readonly totalGiB: number
  /** What vLLM may use of it: `totalGiB` × `gpuMemoryUtilization`. */
  readonly requestedGiB: number
  /** "Model loading took … GiB". */
  readonly weightsGiB: number
  /** Peak of the profile run, above the weights. */
  readonly activationGiB: number
  /** Memory that PyTorch does not see, NCCL above all. */
  readonly nonTorchGiB: number
  /** Reserved for CUDA graphs, in the versions that count it; 0 in the others. */
  readonly cudaGraphsGiB: number
  /** What is left for the KV cache; 0 where nothing is. */
  readonly kvCacheGiB: number
  /** What vLLM leaves alone: `totalGiB` − `requestedGiB`, or less when the parts do not fit; negative when they exceed the card. */
  readonly freeGiB: number
}

/** The answer of `estimateMemory`. Every figure is an estimate of what vLLM will do, and says so in `basis`. */
export interface MemoryEstimate {
  /** Whether vLLM starts with these settings. */
  readonly fits: boolean
  /** How the memory of one GPU is spent: of the fullest one, where they differ. */
  readonly perGpu: GpuMemory
  /** Bytes of KV cache that one token takes on one GPU, all its layers together. */
  readonly kvCacheBytesPerToken: number
  /** Blocks of `settings.blockSize` tokens that fit: vLLM's `num_gpu_blocks`. */
  readonly kvCacheBlocks: number
  /** Tokens that fit: what vLLM prints as "GPU KV cache size". */
  readonly kvCacheTokens: number
  /** Requests of the full `maxModelLength` that fit at once: "Maximum concurrency for … tokens per request". */
  readonly maxConcurrency: number
  /** GiB of KV cache that one request of the full `maxModelLength` takes on one GPU. */
  readonly kvCacheNeededGiB: number
  /** GiB of KV cache beyond one such request; negative: what is missing. */
  readonly headroomGiB: number
  /** The settings the answer holds for, vLLM's defaults filled in. */
  readonly settings: ServingSettings
  /** `estimated` from the formulas; `calibrated` where figures of a start-up log replaced constants. */
  readonly basis: 'estimated' | 'calibrated'
  /** How sure the answer is, with the reasons in `findings`. */
  readonly confidence: 'high' | 'low'
  /** What vLLM refuses, what does not fit and by how much, what to change; errors say that it does not start. */
  readonly findings: readonly Finding[]
  /** What the formulas and constants rest on. */
  readonly sources: readonly FactReference[]
}

/** Settings of a vLLM server, in the words of its command line. */
export interface ServingSettings {
  /** Catalog id of the GPU; `unknown` where only its memory was given. */
  readonly gpu: string
  /** GPUs of one server: tensor parallel size × pipeline parallel size. */
  readonly gpuCount: number
  /** GPUs that every layer is split over. */
  readonly tensorParallelSize: number
  /** Groups of GPUs that share the layers. */
  readonly pipelineParallelSize: number
  /** Format that weights and activations are computed in. */
  readonly dtype: 'bfloat16' | 'float16' | 'float32'
  /** Absent: the weights as they are published. */
  readonly quantization?: string
  /** `fp8`: one byte per value. */
  readonly kvCacheDtype: 'auto' | 'fp8'
  /** Longest request, in tokens. */
  readonly maxModelLength: number
  /** Requests in one step. */
  readonly maxNumSeqs: number
  /** Tokens in one step. */
  readonly maxNumBatchedTokens: number
  /** Share of the GPU's memory that vLLM may use, 0 to 1. */
  readonly gpuMemoryUtilization: number
  /** Tokens of one cache block; larger than asked for where layers with a fixed-size state share the pool. */
  readonly blockSize: number
  /** Whether CUDA graphs are off. */
  readonly enforceEager: boolean
  /** Whether whole experts are shared out among the GPUs. */
  readonly expertParallel: boolean
  /** Whether long prompts are read in pieces. */
  readonly chunkedPrefill: boolean
  /** Version of vLLM. */
  readonly vllmVersion: string
  /** Its engine. */
  readonly engine: 'v0' | 'v1'
}
