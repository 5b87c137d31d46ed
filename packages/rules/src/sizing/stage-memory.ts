import { activationBytes } from './activation-memory.js'
import { blocksIn, type KvCacheLayout, kvCacheLayout } from './kv-cache-layout.js'
import { bytesPerGiB, type MemoryCase } from './memory-case.js'
import { type PipelineStage, pipelineStages } from './pipeline-stages.js'
import { countedGraphsGiB, nonTorchGiB } from './runtime-memory.js'
import { weightBytes } from './weight-memory.js'

/** How the memory of one GPU of a stage is spent, GiB. */
export interface StageMemory {
  /** How its layers share the cache. */
  readonly layout: KvCacheLayout
  /** What vLLM may use. */
  readonly requestedGiB: number
  /** Weights. */
  readonly weightsGiB: number
  /** Peak of the profile run. */
  readonly activationGiB: number
  /** Memory outside PyTorch. */
  readonly nonTorchGiB: number
  /** Counted for CUDA graphs. */
  readonly cudaGraphsGiB: number
  /** Left for the cache; negative when the rest is too large. */
  readonly availableGiB: number
  /** Blocks of the pool. */
  readonly blocks: number
}

/** The stage with the fewest blocks: the others use no more than that. */
export function fullestStage(question: MemoryCase): StageMemory {
  const stages = pipelineStages(question.architecture, question.pipelineParallelSize)
  return stages.map((stage) => stageMemory(question, stage)).reduce(fuller)
}

function fuller(one: StageMemory, other: StageMemory): StageMemory {
  if (other.blocks !== one.blocks) return other.blocks < one.blocks ? other : one
  return other.availableGiB < one.availableGiB ? other : one
}

function stageMemory(question: MemoryCase, stage: PipelineStage): StageMemory {
  const { gpu, gpuMemoryUtilization, kvCacheMemoryGiB, calibration } = question
  const layout = kvCacheLayout(question, stage)
  const requestedGiB = gpu.totalGiB * gpuMemoryUtilization
  const weightsGiB = (weightBytes(question, stage) / bytesPerGiB) * (calibration?.weightsScale ?? 1)
  const activationGiB = (activationBytes(question, stage) / bytesPerGiB) * (calibration?.activationScale ?? 1)
  const outsideGiB = Math.max(0, nonTorchGiB(question) + (calibration?.nonTorchOffsetGiB ?? 0))
  const cudaGraphsGiB = countedGraphsGiB(question)
  const leftGiB = requestedGiB - weightsGiB - activationGiB - outsideGiB - cudaGraphsGiB
  const availableGiB = kvCacheMemoryGiB ?? leftGiB
  return {
    layout,
    requestedGiB,
    weightsGiB,
    activationGiB,
    nonTorchGiB: outsideGiB,
    cudaGraphsGiB,
    availableGiB,
    blocks: blocksIn(layout, availableGiB * bytesPerGiB),
  }
}
