import type { MemoryCalibration } from './memory-calibration.js'
import type { MemoryEstimate } from './memory-estimate.js'
import type { MemoryInput } from './memory-input.js'

/** What a start-up log of vLLM says, and how far the estimate was off. */
export interface StartupLog {
  /** Settings of the server, as far as the log states them. */
  readonly settings: StartupLogSettings
  /** Figures of memory, as far as the log states them. Of several workers the fullest counts. */
  readonly measured: StartupLogMeasurement
  /** Why the server did not start, in the log's own words; absent where nothing of the kind stands there. */
  readonly failure?: string
  /** The estimate for the same settings; absent where `notCompared` says why. */
  readonly estimate?: MemoryEstimate
  /** Estimated and logged figures side by side; only those that both know. */
  readonly comparison?: StartupLogComparison
  /** For `estimateMemory`, so that later answers for this machine start from what was measured. */
  readonly calibration?: MemoryCalibration
  /** What is missing for a comparison, and how to add it. */
  readonly notCompared?: string
}

/** Settings that a log states, in the words of `estimateMemory`. */
export interface StartupLogSettings
  extends Partial<
    Pick<
      MemoryInput,
      | 'tensorParallelSize'
      | 'pipelineParallelSize'
      | 'enableExpertParallel'
      | 'maxModelLength'
      | 'maxNumSeqs'
      | 'maxNumBatchedTokens'
      | 'gpuMemoryUtilization'
      | 'blockSize'
      | 'enforceEager'
      | 'enableChunkedPrefill'
      | 'enablePrefixCaching'
      | 'vllmVersion'
      | 'engine'
    >
  > {
  /** As the server was given it: a Hugging Face id or the last part of a path. */
  readonly model?: string
  /** `--dtype`, or what `auto` became. */
  readonly dtype?: string
  /** How the weights are quantised, in vLLM's word. */
  readonly quantization?: string
  /** `--kv-cache-dtype`. */
  readonly kvCacheDtype?: string
}

/** Figures that a log states, per GPU. */
export interface StartupLogMeasurement {
  /** What CUDA reports as the card's memory. */
  readonly gpuTotalGiB?: number
  /** What vLLM may use of it. */
  readonly requestedGiB?: number
  /** "Model loading took …". */
  readonly weightsGiB?: number
  /** Peak of the profile run. */
  readonly activationGiB?: number
  /** Memory outside PyTorch. */
  readonly nonTorchGiB?: number
  /** Reserved for CUDA graphs before the cache was sized. */
  readonly cudaGraphsGiB?: number
  /** What the graphs took in the end. */
  readonly capturedGraphsGiB?: number
  /** Left for the cache; negative where nothing was. */
  readonly kvCacheGiB?: number
  /** Blocks of the cache. */
  readonly kvCacheBlocks?: number
  /** "GPU KV cache size". */
  readonly kvCacheTokens?: number
  /** "Maximum concurrency". */
  readonly maxConcurrency?: number
  /** Tokens per request that this concurrency is for. */
  readonly concurrencyTokens?: number
}

/** Figures of the estimate that a log can confirm. */
export type ComparedFigure =
  | 'weightsGiB'
  | 'activationGiB'
  | 'nonTorchGiB'
  | 'cudaGraphsGiB'
  | 'kvCacheGiB'
  | 'kvCacheBlocks'
  | 'kvCacheTokens'
  | 'maxConcurrency'

/** One figure, as estimated and as logged. */
export interface FigureComparison {
  /** Before calibration. */
  readonly estimated: number
  /** From the log. */
  readonly logged: number
  /** (estimated − logged) ÷ logged, in percent; absent where the log says 0. */
  readonly errorPercent?: number
}

/** Estimated and logged figures, by name. */
export type StartupLogComparison = Readonly<Partial<Record<ComparedFigure, FigureComparison>>>
