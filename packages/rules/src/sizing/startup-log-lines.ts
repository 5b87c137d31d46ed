import type { StartupLogMeasurement } from './startup-log.js'

/** Where a figure stands: next to a piece of text that never changes within its wording. */
export interface FigurePattern {
  /** The figure. */
  readonly figure: keyof StartupLogMeasurement | 'consumedGiB' | 'peakTorchGiB' | 'peakActivationGiB'
  /** The text. */
  readonly marker: string
  /** What follows it, or, for `before`, what precedes it; the first group is the number. */
  readonly value: RegExp
  /** Whether the number stands before the text. */
  readonly before?: boolean
  /** Which of several workers counts. Default: the largest. */
  readonly of?: 'largest' | 'smallest' | 'first'
}

const gib = /^\s*(-?[\d.]+)\s*(?:GiB|GB|Gib)/
const gibBefore = /(-?[\d.]+)$/
const count = /^\s*([\d,]+)/

/** Wordings over the versions. All of them are looked for; a log holds those of its version. */
export const figurePatterns: readonly FigurePattern[] = [
  { figure: 'weightsGiB', marker: 'Model loading took', value: gib },
  { figure: 'weightsGiB', marker: 'Loading model weights took', value: gib },
  { figure: 'weightsGiB', marker: 'model weights take', value: gib },
  { figure: 'weightsGiB', marker: 'weights memory:', value: gib },
  { figure: 'weightsGiB', marker: ' GiB for weight', value: gibBefore, before: true },

  { figure: 'gpuTotalGiB', marker: 'total_gpu_memory', value: /^\s*[=(]?\s*([\d.]+)\s*GiB/ },
  { figure: 'gpuTotalGiB', marker: 'Free memory on device (', value: /^[\d.]+\/([\d.]+) GiB/ },
  { figure: 'requestedGiB', marker: 'x gpu_memory_utilization', value: /^\s*\([\d.]+\)\s*=\s*([\d.]+)\s*GiB/ },
  { figure: 'requestedGiB', marker: 'Desired GPU memory utilization is (', value: /^[\d.]+, ([\d.]+) GiB/ },
  { figure: 'requestedGiB', marker: 'Requested memory:', value: /^\s*[\d.]+ \(util\), ([\d.]+) GiB/ },

  { figure: 'activationGiB', marker: 'PyTorch activation peak memory takes', value: gib },
  { figure: 'activationGiB', marker: 'torch peak memory increase:', value: gib },
  { figure: 'peakActivationGiB', marker: ' GiB for peak activation', value: gibBefore, before: true },
  { figure: 'peakTorchGiB', marker: 'peak_torch_memory=', value: gib },

  { figure: 'nonTorchGiB', marker: 'non_torch_memory takes', value: gib },
  { figure: 'nonTorchGiB', marker: 'non_torch_memory=', value: gib },
  { figure: 'nonTorchGiB', marker: 'non-torch forward increase memory:', value: gib },
  { figure: 'nonTorchGiB', marker: ' GiB for non-torch memory', value: gibBefore, before: true },
  { figure: 'consumedGiB', marker: ' GiB for consumed memory', value: gibBefore, before: true },
  { figure: 'consumedGiB', marker: 'total consumed (from mem_get_info):', value: gib },

  { figure: 'cudaGraphsGiB', marker: 'Estimated CUDA graph memory:', value: gib },
  { figure: 'capturedGraphsGiB', marker: 'Graph capturing finished in', value: /^[^\n]{1,40}took (-?[\d.]+) GiB/ },
  { figure: 'capturedGraphsGiB', marker: ' GiB for CUDAGraph memory', value: gibBefore, before: true },

  { figure: 'kvCacheGiB', marker: 'the rest of the memory reserved for KV Cache is', value: gib, of: 'smallest' },
  { figure: 'kvCacheGiB', marker: 'Available KV cache memory:', value: gib, of: 'smallest' },
  { figure: 'kvCacheGiB', marker: 'kv_cache_size=', value: gib, of: 'smallest' },
  { figure: 'kvCacheBlocks', marker: '# GPU blocks:', value: count, of: 'smallest' },
  { figure: 'kvCacheBlocks', marker: '# CUDA blocks:', value: count, of: 'smallest' },
  { figure: 'kvCacheBlocks', marker: '# cuda blocks:', value: count, of: 'smallest' },
  { figure: 'kvCacheBlocks', marker: '# rocm blocks:', value: count, of: 'smallest' },
  { figure: 'kvCacheBlocks', marker: 'num_gpu_blocks is:', value: count, of: 'smallest' },
  { figure: 'kvCacheTokens', marker: 'GPU KV cache size:', value: count, of: 'smallest' },
  { figure: 'concurrencyTokens', marker: 'Maximum concurrency for', value: count, of: 'first' },
  {
    figure: 'maxConcurrency',
    marker: 'Maximum concurrency for',
    value: /^\s*[\d,]+ tokens per request:\s*([\d.]+)x/,
    of: 'smallest',
  },
]

/** What the server says when it does not start. */
export const failureMarkers: readonly string[] = [
  'Bfloat16 is only supported on GPUs',
  'Total number of attention heads (',
  'is not supported for the current GPU',
  'is greater than the derived max_model_len',
  'is larger than the maximum number of tokens that can be stored in KV cache',
  'To serve at least one request with the model',
  'No available memory for the cache blocks',
  'is less than desired GPU memory utilization',
  'must be greater than or equal to max_num_seqs',
  'is smaller than max_model_len',
  'is not divisible by weight quantization block_n',
  'CUDA out of memory',
]
