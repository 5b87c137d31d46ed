import type { PerformanceCase } from './performance-case.js'
import type { PredictedWorkload } from './performance-prediction.js'

/** Why a prediction reaches beyond what was measured, each reason as a part of a sentence; empty where it does not. */
export interface Extrapolation {
  /** Settings and workloads that no profile was measured with. They widen every interval. */
  readonly unmeasured: readonly string[]
  /** Values beyond those that the profile was fitted to. They widen the intervals of a calibrated profile. */
  readonly beyondCalibration: readonly string[]
}

/** Compares a question with what its profile was fitted to. */
export function extrapolationOf(question: PerformanceCase, workload: PredictedWorkload): Extrapolation {
  return { unmeasured: unmeasuredOf(question, workload), beyondCalibration: beyondCalibrationOf(question, workload) }
}

type Reason = readonly [applies: boolean, reason: string]

function reasonsThatApply(reasons: readonly Reason[]): string[] {
  return reasons.filter(([applies]) => applies).map(([, reason]) => reason)
}

function unmeasuredOf({ settings }: PerformanceCase, { requestsPerSecond }: PredictedWorkload): string[] {
  const { architecture, quantization, kvCacheDtype, pipelineParallelSize, enforceEager, dtype, expertParallel } =
    settings
  const { latentAttention, linearAttentionLayers = 0, slidingWindow } = architecture
  return reasonsThatApply([
    [requestsPerSecond !== undefined, 'a steady rate (the measured workloads are bursts)'],
    [quantization !== undefined, `quantised weights (${quantization?.method})`],
    [kvCacheDtype !== 'auto', 'an 8-bit KV cache'],
    [dtype === 'float32', 'float32'],
    [pipelineParallelSize > 1, 'pipeline stages'],
    [expertParallel, 'expert parallelism'],
    [enforceEager, 'CUDA graphs switched off'],
    [latentAttention !== undefined, 'latent attention'],
    [linearAttentionLayers > 0, 'linear attention'],
    [slidingWindow !== undefined, 'sliding-window attention'],
  ])
}

function beyondCalibrationOf(question: PerformanceCase, workload: PredictedWorkload): string[] {
  const { settings, gpu, profile } = question
  const { calibration } = profile
  if (calibration === undefined) return [`the profile ${profile.id}, which was set by hand`]
  const { gpus, concurrency, tensorParallelSize, maxContextTokens } = calibration
  const size = settings.tensorParallelSize
  const context = workload.promptTokens + workload.outputTokens
  return reasonsThatApply([
    [!gpus.includes(gpu.id), `${gpu.name} (measured: ${gpus.join(', ')})`],
    [settings.engine !== profile.engine, `engine ${settings.engine.toUpperCase()} of vLLM ${settings.release.version}`],
    [size > 1 && !settings.nvlink, 'GPUs without NVLink'],
    [isOutside(size, tensorParallelSize), `tensor parallel size ${size} (measured: ${rangeText(tensorParallelSize)})`],
    [
      isOutside(workload.concurrency, concurrency),
      `${Math.round(workload.concurrency)} requests at once (measured: ${rangeText(concurrency)})`,
    ],
    [
      context > maxContextTokens,
      `${Math.round(context)} tokens per request (measured: up to about ${maxContextTokens})`,
    ],
  ])
}

function isOutside(value: number, [least, largest]: readonly [number, number]): boolean {
  return value < least || value > largest
}

function rangeText([least, largest]: readonly [number, number]): string {
  return `${least} to ${largest}`
}
