import type { Finding } from '../finding.js'
import { blocksPerRequest, bytesPerRequest } from './kv-cache-layout.js'
import { bytesPerGiB, type MemoryCase } from './memory-case.js'
import type { GpuMemory, MemoryEstimate, ServingSettings } from './memory-estimate.js'
import type { MemoryInput } from './memory-input.js'
import { memoryNotes, reasonsForDoubt } from './memory-notes.js'
import { memoryRefusals } from './memory-refusals.js'
import { memoryShortage } from './memory-shortage.js'
import { resolveMemoryCase } from './resolve-memory-case.js'
import { memorySources } from './sizing-sources.js'
import { fullestStage, type StageMemory } from './stage-memory.js'
import { since } from './vllm-release.js'

/**
 * What vLLM will do with the memory of a GPU: weights, peak of the profile run, memory outside PyTorch, KV cache blocks,
 * tokens and concurrency, in its own terms and with its defaults for the version. Exact where vLLM computes, estimated
 * where it measures; a start-up log of the machine replaces the estimates (`calibration`).
 *
 * What vLLM would refuse is answered with `fits: false` and error findings that hold its reason and the nearest valid
 * value: a tensor parallel size that does not divide, FP8 on a V100, a context beyond the model's, a cache too small.
 * @throws SizingInputError for what is no question: an unknown GPU, model or dtype, a number that is negative, zero,
 *   fractional or absurd
 */
export function estimateMemory(input: MemoryInput): MemoryEstimate {
  return estimateCase(resolveMemoryCase(input))
}

function estimateCase(question: MemoryCase): MemoryEstimate {
  const memory = fullestStage(question)
  const doubt = reasonsForDoubt(question)
  const findings: Finding[] = [
    ...memoryRefusals(question),
    ...memoryShortage(question, memory),
    ...memoryNotes(question, doubt),
  ]
  const neededGiB = bytesPerRequest(memory.layout, question.maxModelLength) / bytesPerGiB
  const maxConcurrency = concurrencyOf(question, memory)
  return {
    fits: !findings.some(({ severity }) => severity === 'error'),
    perGpu: perGpuOf(question, memory),
    kvCacheBytesPerToken: memory.layout.bytesPerToken,
    kvCacheBlocks: memory.blocks,
    kvCacheTokens: tokensOf(question, memory, maxConcurrency),
    maxConcurrency,
    kvCacheNeededGiB: neededGiB,
    headroomGiB: memory.availableGiB - neededGiB,
    settings: settingsOf(question, memory),
    basis: question.calibration === undefined ? 'estimated' : 'calibrated',
    confidence: doubt.length === 0 ? 'high' : 'low',
    findings,
    sources: memorySources,
  }
}

function perGpuOf({ gpu }: MemoryCase, memory: StageMemory): GpuMemory {
  const { requestedGiB, weightsGiB, activationGiB, nonTorchGiB, cudaGraphsGiB, availableGiB } = memory
  const kvCacheGiB = Math.max(0, availableGiB)
  const usedGiB = weightsGiB + activationGiB + nonTorchGiB + cudaGraphsGiB + kvCacheGiB
  return {
    totalGiB: gpu.totalGiB,
    requestedGiB,
    weightsGiB,
    activationGiB,
    nonTorchGiB,
    cudaGraphsGiB,
    kvCacheGiB,
    freeGiB: gpu.totalGiB - Math.max(requestedGiB, usedGiB),
  }
}

function concurrencyOf({ engine, release, maxModelLength }: MemoryCase, { blocks, layout }: StageMemory): number {
  const dividesTokens = engine === 'v0' || release.number < since.v1WithoutContext
  if (dividesTokens) return (blocks * layout.blockSize) / maxModelLength
  return blocks / blocksPerRequest(layout, maxModelLength)
}

function tokensOf({ engine, release, maxModelLength }: MemoryCase, memory: StageMemory, concurrency: number): number {
  const { blocks, layout } = memory
  const groups = layout.fullGroups + layout.windowGroups + layout.stateGroups
  if (engine === 'v0' || groups === 1) return blocks * layout.blockSize
  if (release.number >= since.tokensFromConcurrency) return Math.floor(concurrency * maxModelLength)
  return Math.floor(blocks / groups) * Math.min(layout.blockSize, layout.windowBlockSize)
}

function settingsOf(question: MemoryCase, { layout }: StageMemory): ServingSettings {
  const { gpu, tensorParallelSize, pipelineParallelSize, release, requestedQuantization } = question
  return {
    gpu: gpu.id,
    gpuCount: tensorParallelSize * pipelineParallelSize,
    tensorParallelSize,
    pipelineParallelSize,
    dtype: question.dtype,
    ...(requestedQuantization === undefined ? {} : { quantization: requestedQuantization }),
    kvCacheDtype: question.kvCacheDtype,
    maxModelLength: question.maxModelLength,
    maxNumSeqs: question.maxNumSeqs,
    maxNumBatchedTokens: question.maxNumBatchedTokens,
    gpuMemoryUtilization: question.gpuMemoryUtilization,
    blockSize: layout.blockSize,
    enforceEager: question.enforceEager,
    expertParallel: question.expertParallel,
    chunkedPrefill: question.chunkedPrefill,
    vllmVersion: release.version,
    engine: question.engine,
  }
}
