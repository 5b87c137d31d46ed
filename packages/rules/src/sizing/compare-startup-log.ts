import { findModelExactly } from '../find-model.js'
import { estimateMemory } from './estimate-memory.js'
import type { MemoryCalibration } from './memory-calibration.js'
import { bytesPerGiB } from './memory-case.js'
import type { MemoryEstimate } from './memory-estimate.js'
import type { DtypeName, KvCacheDtypeName, MemoryInput } from './memory-input.js'
import { SizingInputError } from './sizing-input-error.js'
import type {
  ComparedFigure,
  FigureComparison,
  StartupLog,
  StartupLogComparison,
  StartupLogMeasurement,
  StartupLogSettings,
} from './startup-log.js'

type Compared = Pick<StartupLog, 'estimate' | 'comparison' | 'calibration' | 'notCompared'>

/** Sets what a log states beside the estimate for the same settings. What the caller knows wins over the log. */
export function compareStartupLog(
  settings: StartupLogSettings,
  measured: StartupLogMeasurement,
  known: MemoryInput,
): Compared {
  const question = questionOf(settings, measured, known)
  if (typeof question === 'string') return { notCompared: question }
  try {
    const estimate = estimateMemory(question)
    const calibration = calibrationOf(estimate, measured)
    return {
      estimate,
      comparison: comparisonOf(estimate, measured),
      ...(Object.keys(calibration).length === 0 ? {} : { calibration }),
    }
  } catch (error) {
    if (SizingInputError.is(error)) return { notCompared: error.message }
    throw error
  }
}

/** The question that the log answers, or what is missing for it. */
function questionOf(
  { model, dtype, quantization, kvCacheDtype, ...settings }: StartupLogSettings,
  { gpuTotalGiB }: StartupLogMeasurement,
  known: MemoryInput,
): MemoryInput | string {
  const named = known.architecture === undefined ? (known.model ?? catalogModelOf(model)) : undefined
  if (known.architecture === undefined && named === undefined)
    return model === undefined
      ? 'The log names no model: pass model or architecture.'
      : `The catalog has no model of the name ${JSON.stringify(model.slice(0, 200))}: pass model, or the architecture read from its config.json.`
  const total = known.gpuTotalGiB ?? gpuTotalGiB
  if (known.gpu === undefined && total === undefined) return 'The log names neither the GPU nor its memory: pass gpu.'
  return {
    ...settings,
    ...batchOf(settings, total),
    dtype: dtypeNameOf(dtype),
    kvCacheDtype: kvCacheDtypeNameOf(kvCacheDtype),
    quantization: quantizationNameOf(quantization),
    ...stated(known),
    model: named,
    gpuTotalGiB: total,
  }
}

/** Without fields that are there and hold nothing: they must not hide what the log says. */
function stated(known: MemoryInput): MemoryInput {
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
}

function catalogModelOf(model: string | undefined): string | undefined {
  return model === undefined ? undefined : findModelExactly(model)?.id
}

const largeCardGiB = 70

/** Requests of one step follow from its tokens where both are defaults: the log prints the tokens alone. */
function batchOf({ maxNumSeqs, maxNumBatchedTokens }: StartupLogSettings, total: number | undefined): MemoryInput {
  if (maxNumSeqs !== undefined || maxNumBatchedTokens === undefined || total === undefined) return {}
  if (maxNumBatchedTokens === 2048) return { maxNumSeqs: 256 }
  return maxNumBatchedTokens === 8192 && total >= largeCardGiB ? { maxNumSeqs: 1024 } : {}
}

function dtypeNameOf(name: string | undefined): DtypeName | undefined {
  return name === 'bfloat16' || name === 'float16' || name === 'half' || name === 'float32' ? name : undefined
}

function kvCacheDtypeNameOf(name: string | undefined): KvCacheDtypeName | undefined {
  return name === 'fp8' || name === 'fp8_e4m3' || name === 'fp8_e5m2' ? name : undefined
}

// `compressed-tensors` and the like say no more than that the checkpoint is quantised somehow.
function quantizationNameOf(name: string | undefined): string | undefined {
  const isKnown = name !== undefined && /^(?:fp8|awq|awq_marlin|gptq|gptq_marlin|bitsandbytes|mxfp4)$/.test(name)
  return isKnown ? name : undefined
}

const perGpuFigures = ['weightsGiB', 'activationGiB', 'nonTorchGiB', 'cudaGraphsGiB', 'kvCacheGiB'] as const
const cacheFigures = ['kvCacheBlocks', 'kvCacheTokens', 'maxConcurrency'] as const

function comparisonOf(estimate: MemoryEstimate, measured: StartupLogMeasurement): StartupLogComparison {
  const comparison: Partial<Record<ComparedFigure, FigureComparison>> = {}
  const add = (figure: ComparedFigure, estimated: number) => {
    const logged = measured[figure]
    if (logged !== undefined) comparison[figure] = compared(estimated, logged)
  }
  for (const figure of perGpuFigures) add(figure, estimate.perGpu[figure])
  const isSameLength =
    (measured.concurrencyTokens ?? estimate.settings.maxModelLength) === estimate.settings.maxModelLength
  for (const figure of cacheFigures) if (figure !== 'maxConcurrency' || isSameLength) add(figure, estimate[figure])
  return comparison
}

function compared(estimated: number, logged: number): FigureComparison {
  return { estimated, logged, ...(logged === 0 ? {} : { errorPercent: (estimated / logged - 1) * 100 }) }
}

function calibrationOf(estimate: MemoryEstimate, measured: StartupLogMeasurement): MemoryCalibration {
  const { perGpu } = estimate
  const { gpuTotalGiB, weightsGiB, activationGiB, cudaGraphsGiB } = measured
  const countsGraphs = perGpu.cudaGraphsGiB > 0 && cudaGraphsGiB !== undefined
  const kvCacheGiB = exactCacheGiB(estimate, measured) ?? measured.kvCacheGiB
  // What the log leaves of the budget, whatever it is called; without that, what it says of memory outside PyTorch.
  const explained =
    (weightsGiB ?? perGpu.weightsGiB) +
    (activationGiB ?? perGpu.activationGiB) +
    perGpu.nonTorchGiB +
    (countsGraphs ? cudaGraphsGiB : perGpu.cudaGraphsGiB)
  const offset =
    kvCacheGiB === undefined
      ? (measured.nonTorchGiB ?? perGpu.nonTorchGiB) - perGpu.nonTorchGiB
      : perGpu.requestedGiB - explained - kvCacheGiB
  const isMeasured = kvCacheGiB !== undefined || measured.nonTorchGiB !== undefined
  return {
    ...(gpuTotalGiB === undefined ? {} : { gpuTotalGiB }),
    ...(weightsGiB === undefined ? {} : { weightsScale: weightsGiB / perGpu.weightsGiB }),
    ...(activationGiB === undefined ? {} : { activationScale: activationGiB / perGpu.activationGiB }),
    ...(isMeasured ? { nonTorchOffsetGiB: offset } : {}),
    ...(countsGraphs ? { cudaGraphsGiB } : {}),
  }
}

/** The cache by its blocks, which are exact; the middle of a block, since a part of one is lost. */
function exactCacheGiB(
  estimate: MemoryEstimate,
  { kvCacheBlocks, kvCacheTokens }: StartupLogMeasurement,
): number | undefined {
  const { settings, kvCacheBytesPerToken } = estimate
  // Layers of several kinds share the pool in a way that the figures alone do not tell.
  if (estimate.kvCacheTokens !== estimate.kvCacheBlocks * settings.blockSize) return undefined
  const blocks = kvCacheBlocks ?? (kvCacheTokens === undefined ? undefined : kvCacheTokens / settings.blockSize)
  return blocks === undefined ? undefined : ((blocks + 0.5) * settings.blockSize * kvCacheBytesPerToken) / bytesPerGiB
}
