import { estimateMemory } from '../sizing/estimate-memory.js'
import type { MemoryEstimate } from '../sizing/memory-estimate.js'
import type { MemoryInput } from '../sizing/memory-input.js'
import type { ModelArchitecture } from '../sizing/model-architecture.js'
import { defaultVllmVersion } from '../sizing/vllm-release.js'
import type { PlanInput } from './plan-input.js'
import type { Workload } from './plan-workload.js'
import type { ReplicaLayout } from './replica-layout.js'

/** One copy of a model with the settings it starts with. */
export interface SizedReplica {
  readonly layout: ReplicaLayout
  readonly settings: MemoryInput
  readonly memory: MemoryEstimate
}

/** Settings that every layout of a model shares. */
export interface ReplicaQuestion {
  readonly architecture: ModelArchitecture
  readonly maxModelLength: number
  readonly input: PlanInput
  readonly workload: Workload
}

/** Places that are tried, most first: each of them takes memory for the logits of its sequence. */
const usualPlaces = [256, 128, 64, 32, 16]
const placesOfLargeBursts = [1024, 512]

/** The copy with the most places that starts; otherwise what vLLM says against the one with the fewest. */
export function sizeReplica(
  layout: ReplicaLayout,
  question: ReplicaQuestion,
): SizedReplica | { readonly reason: string } {
  let reason = ''
  for (const maxNumSeqs of placesToTry(question)) {
    const settings = settingsOf(layout, question, maxNumSeqs)
    const memory = estimateMemory(settings)
    if (memory.fits) return { layout, settings, memory }
    reason = memory.findings.find(({ severity }) => severity === 'error')?.message ?? 'vLLM does not start.'
  }
  return { reason }
}

function placesToTry({ input, workload }: ReplicaQuestion): readonly number[] {
  if (input.maxNumSeqs !== undefined) return [input.maxNumSeqs]
  const isLargeBurst = (workload.concurrency ?? 0) > (usualPlaces[0] ?? 0)
  return isLargeBurst ? [...placesOfLargeBursts, ...usualPlaces] : usualPlaces
}

function settingsOf(
  { node, tensorParallelSize, pipelineParallelSize }: ReplicaLayout,
  { architecture, maxModelLength, input }: ReplicaQuestion,
  maxNumSeqs: number,
): MemoryInput {
  return {
    architecture,
    gpu: node.gpu.id,
    tensorParallelSize,
    pipelineParallelSize,
    // Cards before Ampere have no bfloat16.
    dtype: input.dtype ?? (node.gpu.vllm.bf16 || architecture.dtype !== 'bfloat16' ? undefined : 'float16'),
    quantization: input.quantization,
    kvCacheDtype: input.kvCacheDtype,
    maxModelLength,
    maxNumSeqs,
    maxNumBatchedTokens: input.maxNumBatchedTokens,
    gpuMemoryUtilization: input.gpuMemoryUtilization,
    // Stated, so that speed is predicted for the engine that memory is estimated for.
    vllmVersion: input.vllmVersion ?? defaultVllmVersion,
    calibration: input.calibration,
  }
}
