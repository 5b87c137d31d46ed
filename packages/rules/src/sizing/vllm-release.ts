import { parsePep440 } from '../pep440.js'

/** How one version of vLLM takes and counts memory. Versions compare by their first three numbers. */
export interface VllmRelease {
  /** As it was written. */
  readonly version: string
  /** First three numbers as one: 0.8.5 is 8005. */
  readonly number: number
}

/** The version that is meant when none is given: the first without the V0 engine. Later ones leave somewhat more cache. */
export const defaultVllmVersion = '0.11.0'

/** The version that is meant when only the V0 engine is asked for: the last one that has it. */
export const defaultV0Version = '0.10.2'

/** The newest version that the formulas were compared with logs of. */
export const newestComparedVersion = 22_000

/** First versions of what changes memory, each with the change in vLLM that it stands for. */
export const since = {
  /** V0 splits prompts longer than 32,768 tokens into pieces of 2,048 tokens instead of 512, and counts the CUDA context. */
  largerChunks: 6_004,
  /** V0 measures what is in use before it loads anything, so that the CUDA context no longer counts (vllm#10511). */
  v0WithoutContext: 6_005,
  /** V1 is the default (0.8.0). */
  v1: 8_000,
  /** V1 runs 256 sequences by default on cards other than H100 and H200 (vllm#16158). */
  smallerBatches: 8_004,
  /** The default batch goes by memory, 70 GiB and more being large (vllm#17073). */
  batchesByMemory: 8_005,
  /** An A100 counts as small (vllm#17885); V1 takes pipeline parallelism; bfloat16 falls back to float16 (vllm#17265). */
  smallBatchesOnA100: 9_000,
  /** V1 no longer counts the CUDA context (vllm#18974), and keeps sliding-window layers apart. */
  v1WithoutContext: 9_001,
  /** V1 runs fp8 caches through FlashInfer, and layers with a fixed-size state. */
  v1Fp8Cache: 10_000,
  /** V0 is gone. */
  withoutV0: 11_000,
  /** FP8 weights run on compute capability 7.5. */
  fp8OnTuring: 14_000,
  /** All-reduce fusion with its workspace is on by default on Hopper and Blackwell. */
  allReduceFusion: 16_000,
  /** Top-k and top-p without sorting (vllm#33538), and workspaces of expert kernels that stay allocated. */
  samplingWithoutSort: 17_000,
  /** Somewhat more memory outside PyTorch. */
  largerRuntime: 18_000,
  /** "GPU KV cache size" is concurrency × context. */
  tokensFromConcurrency: 20_000,
  /** CUDA graphs are counted before the cache is sized, and the default utilisation is 0.92 (vllm#38284). */
  cudaGraphsCounted: 21_000,
} as const

const known = new Map<string, VllmRelease | undefined>()
const longestMemory = 256

/** Reads a version; `undefined` for what is none. */
export function readVllmRelease(version: string): VllmRelease | undefined {
  if (known.has(version)) return known.get(version)
  if (known.size >= longestMemory) known.clear()
  const parsed = parsePep440(version)
  const [major = 0, minor = 0, patch = 0] = parsed?.release ?? []
  const release =
    parsed === undefined || major > 99 || minor > 999
      ? undefined
      : Object.freeze({ version, number: (major * 1000 + minor) * 1000 + Math.min(patch, 999) })
  known.set(version, release)
  return release
}
