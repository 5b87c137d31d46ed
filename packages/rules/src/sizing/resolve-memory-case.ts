import { checkCalibration } from './check-calibration.js'
import { checkNumber, checkWholeNumber, type NumberField } from './check-number.js'
import { dtypeOf, kvCacheDtypeOf, quantizationOf } from './dtype-names.js'
import { architectureOf } from './find-architecture.js'
import { type GpuProfile, gpuProfileOf, unnamedGpu } from './gpu-profile.js'
import type { MemoryCase } from './memory-case.js'
import type { MemoryInput } from './memory-input.js'
import type { ComputeDtype, ModelArchitecture } from './model-architecture.js'
import {
  type BatchSize,
  chunksByDefault,
  defaultBatch,
  defaultBlockSize,
  defaultEngine,
  defaultUtilization,
  defaultV0Seqs,
  defaultV0Tokens,
  type EngineQuestion,
} from './serving-defaults.js'
import { SizingInputError } from './sizing-input-error.js'
import { defaultV0Version, defaultVllmVersion, readVllmRelease, since, type VllmRelease } from './vllm-release.js'

const fields = {
  tensorParallelSize: { field: 'tensorParallelSize', least: 1, largest: 1024 },
  pipelineParallelSize: { field: 'pipelineParallelSize', least: 1, largest: 1024 },
  maxModelLength: { field: 'maxModelLength', least: 1, largest: 100_000_000 },
  maxNumSeqs: { field: 'maxNumSeqs', least: 1, largest: 1_000_000 },
  maxNumBatchedTokens: { field: 'maxNumBatchedTokens', least: 1, largest: 100_000_000 },
  gpuTotalGiB: { field: 'gpuTotalGiB', least: 0, largest: 4096 },
  kvCacheMemoryGiB: { field: 'kvCacheMemoryGiB', least: 0, largest: 4096 },
} satisfies Readonly<Record<string, NumberField>>

const blockSizes = [1, 8, 16, 32, 64, 128, 256, 512]

/**
 * Fills in vLLM's defaults. Throws a `SizingInputError` for a question that cannot be asked; what vLLM would refuse
 * passes.
 */
export function resolveMemoryCase(input: MemoryInput): MemoryCase {
  if (typeof input !== 'object' || input === null)
    throw new SizingInputError({ field: 'input', value: input, expected: 'an object with a model and a GPU' })
  const architecture = architectureOf(input)
  const gpu = gpuOf(input)
  const release = releaseOf(input.vllmVersion ?? (input.engine === 'v0' ? defaultV0Version : defaultVllmVersion))
  const parallel = parallelOf(input)
  const requestedDtype = dtypeOf(input.dtype ?? 'auto')
  const kvCacheDtype = kvCacheDtypeOf(input.kvCacheDtype ?? 'auto')
  const dtype = resolveDtype(requestedDtype, architecture, gpu, release)
  const engine = engineOf(input.engine, { architecture, gpu, release, dtype, kvCacheDtype, ...parallel })
  const maxModelLength = whole(input.maxModelLength, fields.maxModelLength) ?? architecture.maxPositions
  const chunkedPrefill =
    input.enableChunkedPrefill ?? (engine === 'v1' || chunksByDefault(architecture, maxModelLength))
  const batch = batchOf(input, { gpu, release, engine, maxModelLength, chunkedPrefill })
  return {
    architecture,
    gpu,
    ...parallel,
    expertParallel: input.enableExpertParallel ?? false,
    dtype,
    requestedDtype,
    dtypeBytes: dtype === 'float32' ? 4 : 2,
    quantization: quantizationOf(input.quantization, architecture),
    requestedQuantization: input.quantization,
    kvCacheDtype,
    maxModelLength,
    ...batch,
    gpuMemoryUtilization: utilizationOf(input.gpuMemoryUtilization, release),
    kvCacheMemoryGiB:
      input.kvCacheMemoryGiB === undefined ? undefined : checkNumber(input.kvCacheMemoryGiB, fields.kvCacheMemoryGiB),
    blockSize: blockSizeOf(input.blockSize) ?? defaultBlockSize(architecture, gpu, engine),
    enforceEager: input.enforceEager ?? false,
    chunkedPrefill,
    flashInferSampler: input.flashInferSampler ?? false,
    nvlink: input.nvlink ?? gpu.isLinked,
    release,
    engine,
    calibration: input.calibration === undefined ? undefined : checkCalibration(input.calibration),
  }
}

function gpuOf({ gpu, gpuTotalGiB, calibration }: MemoryInput): GpuProfile {
  const measured = gpuTotalGiB ?? calibration?.gpuTotalGiB
  const total = measured === undefined ? undefined : checkNumber(measured, fields.gpuTotalGiB)
  if (gpu === undefined) {
    if (total !== undefined) return unnamedGpu(total)
    throw new SizingInputError({ field: 'gpu', value: gpu, expected: 'a GPU of the catalog or gpuTotalGiB' })
  }
  const profile = gpuProfileOf(gpu)
  return total === undefined || total === profile.totalGiB
    ? profile
    : { ...profile, totalGiB: total, isTotalVerified: true }
}

function releaseOf(version: string): VllmRelease {
  const release = typeof version === 'string' ? readVllmRelease(version) : undefined
  if (release !== undefined) return release
  throw new SizingInputError({
    field: 'vllmVersion',
    value: version,
    expected: 'a version such as 0.8.5',
    nearest: defaultVllmVersion,
  })
}

function parallelOf(input: MemoryInput): Pick<MemoryCase, 'tensorParallelSize' | 'pipelineParallelSize'> {
  return {
    tensorParallelSize: whole(input.tensorParallelSize, fields.tensorParallelSize) ?? 1,
    pipelineParallelSize: whole(input.pipelineParallelSize, fields.pipelineParallelSize) ?? 1,
  }
}

function resolveDtype(
  requested: 'auto' | ComputeDtype,
  architecture: ModelArchitecture,
  gpu: GpuProfile,
  { number }: VllmRelease,
): ComputeDtype {
  if (requested !== 'auto') return requested
  // Published float32 is halved: no one serves it.
  const published = architecture.dtype === 'float32' ? 'float16' : architecture.dtype
  const fallsBack = published === 'bfloat16' && !gpu.support.bf16 && number >= since.smallBatchesOnA100
  return fallsBack ? 'float16' : published
}

function engineOf(asked: 'v0' | 'v1' | undefined, question: EngineQuestion): 'v0' | 'v1' {
  if (asked === undefined) return defaultEngine(question)
  const isThere = asked === 'v1' || (asked === 'v0' && question.release.number < since.withoutV0)
  if (isThere) return asked
  const has = `an engine that vLLM ${question.release.version} has`
  throw new SizingInputError({ field: 'engine', value: asked, expected: has, nearest: defaultEngine(question) })
}

interface BatchQuestion {
  readonly gpu: GpuProfile
  readonly release: VllmRelease
  readonly engine: 'v0' | 'v1'
  readonly maxModelLength: number
  readonly chunkedPrefill: boolean
}

function batchOf(input: MemoryInput, question: BatchQuestion): BatchSize {
  const tokens = whole(input.maxNumBatchedTokens, fields.maxNumBatchedTokens)
  const seqs = whole(input.maxNumSeqs, fields.maxNumSeqs)
  const { gpu, release, engine, maxModelLength, chunkedPrefill } = question
  if (engine === 'v0')
    return {
      maxNumBatchedTokens: tokens ?? defaultV0Tokens(release, maxModelLength, chunkedPrefill),
      maxNumSeqs: seqs ?? defaultV0Seqs,
    }
  const usual = defaultBatch(gpu, release)
  const withoutPieces = Math.max(usual.maxNumBatchedTokens, maxModelLength)
  const maxNumBatchedTokens = tokens ?? (chunkedPrefill ? usual.maxNumBatchedTokens : withoutPieces)
  return { maxNumBatchedTokens, maxNumSeqs: seqs ?? Math.min(usual.maxNumSeqs, maxNumBatchedTokens) }
}

function utilizationOf(asked: number | undefined, release: VllmRelease): number {
  const usual = defaultUtilization(release)
  if (asked === undefined) return usual
  if (typeof asked === 'number' && asked > 0 && asked <= 1) return asked
  // A percentage is the usual slip.
  const isPercentage = typeof asked === 'number' && asked > 1 && asked <= 100
  const expected = 'a share above 0 and up to 1'
  throw new SizingInputError({
    field: 'gpuMemoryUtilization',
    value: asked,
    expected,
    nearest: isPercentage ? asked / 100 : usual,
  })
}

function blockSizeOf(asked: number | undefined): number | undefined {
  if (asked === undefined || blockSizes.includes(asked)) return asked
  throw new SizingInputError({
    field: 'blockSize',
    value: asked,
    expected: `one of ${blockSizes.join(', ')}`,
    nearest: nearestBlockSize(asked),
  })
}

function nearestBlockSize(asked: unknown): number | undefined {
  if (typeof asked !== 'number' || Number.isNaN(asked)) return undefined
  return blockSizes.reduce((best, size) => (Math.abs(size - asked) < Math.abs(best - asked) ? size : best))
}

function whole(value: number | undefined, field: NumberField): number | undefined {
  return value === undefined ? undefined : checkWholeNumber(value, field)
}
