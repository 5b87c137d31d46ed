import { checkWholeNumber } from './check-number.js'
import { estimateMemory } from './estimate-memory.js'
import { architectureOf } from './find-architecture.js'
import type { MemoryEstimate } from './memory-estimate.js'
import type { MemoryInput } from './memory-input.js'
import { validTensorParallelSizes } from './tensor-parallel.js'

/** A memory question with the load it is for. */
export interface GpuCountInput extends Omit<MemoryInput, 'tensorParallelSize' | 'pipelineParallelSize'> {
  /** Requests of the full `maxModelLength` that must run at once. Default: 1. */
  readonly concurrency?: number | undefined
  /** Most GPUs to try. Default: 16. */
  readonly maxGpuCount?: number | undefined
  /** GPUs of one machine. More than that are used in groups of the largest valid size (pipeline parallelism). Default: 8. */
  readonly gpusPerNode?: number | undefined
}

/** A number of GPUs that was tried in vain. */
export interface RejectedGpuCount {
  /** GPUs. */
  readonly gpuCount: number
  /** Why not: a size that vLLM refuses, memory that is missing, or the concurrency that is reached. */
  readonly reason: string
}

/** The smallest number of GPUs for a context and a concurrency. */
export interface SmallestGpuCount {
  /** GPUs; absent where none of the numbers up to `maxGpuCount` is enough. */
  readonly gpuCount?: number
  /** How every layer is split. */
  readonly tensorParallelSize?: number
  /** Groups that share the layers; 1 within one machine. */
  readonly pipelineParallelSize?: number
  /** The estimate for that number. */
  readonly estimate?: MemoryEstimate
  /** Every smaller number, with its reason. */
  readonly rejected: readonly RejectedGpuCount[]
}

/**
 * The smallest number of GPUs that serves `concurrency` requests of `maxModelLength` tokens at once. Within one machine
 * layers are split over the GPUs (tensor parallelism); beyond it, machines share the layers. Where the concurrency is
 * above vLLM's default for `--max-num-seqs`, that is raised to it.
 * @throws SizingInputError as `estimateMemory` does
 */
export function smallestGpuCount(input: GpuCountInput): SmallestGpuCount {
  const { concurrency: asked, maxGpuCount = 16, gpusPerNode = 8, ...question } = input
  const concurrency = checkWholeNumber(asked ?? 1, { field: 'concurrency', least: 1, largest: 1_000_000 })
  const most = checkWholeNumber(maxGpuCount, { field: 'maxGpuCount', least: 1, largest: 1024 })
  const perNode = checkWholeNumber(gpusPerNode, { field: 'gpusPerNode', least: 1, largest: 1024 })
  const split = layoutsOf(question, perNode)
  const rejected: RejectedGpuCount[] = []
  for (let gpuCount = 1; gpuCount <= most; gpuCount += 1) {
    const layout = split(gpuCount)
    if (layout === undefined) continue
    const estimate = estimateLoad({ ...question, ...layout }, concurrency)
    const reason = reasonAgainst(estimate, concurrency)
    if (reason === undefined) return { gpuCount, ...layout, estimate, rejected }
    rejected.push({ gpuCount, reason })
  }
  return { rejected }
}

interface Layout {
  readonly tensorParallelSize: number
  readonly pipelineParallelSize: number
}

/** How a number of GPUs is used; `undefined` where it makes no whole groups. */
function layoutsOf(question: MemoryInput, perNode: number): (gpuCount: number) => Layout | undefined {
  const architecture = architectureOf(question)
  const options = { quantization: architecture.quantization, expertParallel: question.enableExpertParallel }
  const valid = validTensorParallelSizes(architecture, perNode, options)
  const widest = valid[valid.length - 1] ?? 1
  return (gpuCount) => {
    if (gpuCount <= perNode) return { tensorParallelSize: gpuCount, pipelineParallelSize: 1 }
    return gpuCount % widest === 0 ? { tensorParallelSize: widest, pipelineParallelSize: gpuCount / widest } : undefined
  }
}

function estimateLoad(question: MemoryInput, concurrency: number): MemoryEstimate {
  const usual = estimateMemory(question)
  const { maxNumSeqs, maxNumBatchedTokens } = usual.settings
  if (question.maxNumSeqs !== undefined || maxNumSeqs >= concurrency) return usual
  const batch = { maxNumSeqs: concurrency, maxNumBatchedTokens: Math.max(maxNumBatchedTokens, concurrency) }
  return estimateMemory({ ...question, ...batch })
}

function reasonAgainst(estimate: MemoryEstimate, concurrency: number): string | undefined {
  const { fits, maxConcurrency, settings, findings } = estimate
  if (!fits) return findings.find(({ severity }) => severity === 'error')?.message ?? 'vLLM does not start.'
  const reached = Math.min(maxConcurrency, settings.maxNumSeqs)
  if (reached >= concurrency) return undefined
  return `${reached.toFixed(2)} requests of ${settings.maxModelLength} tokens at once, ${concurrency} are asked for.`
}
