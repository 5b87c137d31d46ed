import type { MemoryCalibration } from './memory-calibration.js'
import type { ModelArchitecture } from './model-architecture.js'

/** Number formats in vLLM's spelling; `auto` is the published one, with float32 turned into a 16-bit format. */
export type DtypeName = 'auto' | 'bfloat16' | 'float16' | 'half' | 'float32' | 'float'

/** Formats of the KV cache in vLLM's spelling; `auto` is the dtype of the model, the others take one byte per value. */
export type KvCacheDtypeName = 'auto' | 'fp8' | 'fp8_e4m3' | 'fp8_e5m2'

/** What a vLLM server is asked to run on which GPU. What is left out has vLLM's own default for the given version. */
export interface MemoryInput {
  /** Catalog id, alias or Hugging Face id of a model whose architecture the catalog knows. This or `architecture`. */
  readonly model?: string | undefined
  /** Any other model, such as `readHuggingFaceConfig` makes it from a `config.json`. Wins over `model`. */
  readonly architecture?: ModelArchitecture | undefined
  /** Catalog id or alias of a GPU, such as `a100-80gb`. This or `gpuTotalGiB`. */
  readonly gpu?: string | undefined
  /**
   * What CUDA reports as the card's memory, in GiB: not the maker's GB. Replaces the catalog's figure. Alone, it means a
   * GPU that supports everything (compute capability 9.0) and is no A100.
   */
  readonly gpuTotalGiB?: number | undefined
  /** GPUs that every layer is split over (`--tensor-parallel-size`). Default: 1. */
  readonly tensorParallelSize?: number | undefined
  /** Groups of GPUs that share the layers (`--pipeline-parallel-size`). Default: 1. */
  readonly pipelineParallelSize?: number | undefined
  /** Whether the GPUs of a group share out whole experts (`--enable-expert-parallel`) instead of splitting each. Default: no. */
  readonly enableExpertParallel?: boolean | undefined
  /** `--dtype`. Default: `auto`. */
  readonly dtype?: DtypeName | undefined
  /**
   * `--quantization`. `fp8` and `bitsandbytes` quantise published 16-bit weights at start; the others stand for a
   * checkpoint that was quantised before. Default: the weights as they are published.
   */
  readonly quantization?: string | undefined
  /** `--kv-cache-dtype`. Default: `auto`. */
  readonly kvCacheDtype?: KvCacheDtypeName | undefined
  /** Longest request, prompt and output together, in tokens (`--max-model-len`). Default: all that the model was made for. */
  readonly maxModelLength?: number | undefined
  /** Requests in one step (`--max-num-seqs`). Default: vLLM's for the version and GPU, 256 or 1024. */
  readonly maxNumSeqs?: number | undefined
  /** Tokens in one step (`--max-num-batched-tokens`). Default: vLLM's for the version and GPU, as `vllm serve` has it. */
  readonly maxNumBatchedTokens?: number | undefined
  /** Share of the GPU that vLLM may use (`--gpu-memory-utilization`), above 0 and up to 1. Default: 0.9, from 0.21 on 0.92. */
  readonly gpuMemoryUtilization?: number | undefined
  /** GiB of KV cache to take without measuring (`--kv-cache-memory-bytes`). Default: what is left. */
  readonly kvCacheMemoryGiB?: number | undefined
  /** Tokens of one cache block (`--block-size`). Default: 16, 64 with latent attention on Hopper and later. */
  readonly blockSize?: number | undefined
  /** Whether CUDA graphs are off (`--enforce-eager`). Default: no. */
  readonly enforceEager?: boolean | undefined
  /** `--enable-prefix-caching`: takes no memory of its own; accepted so that settings can be passed as they are. */
  readonly enablePrefixCaching?: boolean | undefined
  /** Whether long prompts are read in pieces (`--enable-chunked-prefill`). Default: V1 yes; V0 above 32,768 tokens. */
  readonly enableChunkedPrefill?: boolean | undefined
  /** Whether FlashInfer samples (`VLLM_USE_FLASHINFER_SAMPLER=1`), which needs less memory before 0.17. Default: no. */
  readonly flashInferSampler?: boolean | undefined
  /** Whether the GPUs are linked by NVLink or the like. Default: what the GPU usually has. */
  readonly nvlink?: boolean | undefined
  /** Version of vLLM, such as `0.8.5`. Default: 0.11.0, the first without the V0 engine; 0.10.2 with `engine: 'v0'`. */
  readonly vllmVersion?: string | undefined
  /** The engine. Default: V1 from 0.8 on, except where that version falls back to V0. */
  readonly engine?: 'v0' | 'v1' | undefined
  /** What a start-up log of the machine showed; see `readVllmStartupLog`. */
  readonly calibration?: MemoryCalibration | undefined
}
