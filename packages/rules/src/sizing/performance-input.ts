import type { SpeedProfileId } from '../catalog/speed-profiles.generated.js'
import type { MemoryInput } from './memory-input.js'

/**
 * How a model is served. The settings are those of `estimateMemory`, except that a GPU of the catalog or a machine is
 * needed: memory alone does not tell speed.
 */
export interface StepTimeInput extends MemoryInput {
  /**
   * Cloud machine of the catalog, such as `a2-ultragpu-8g`: gives the GPU, and as tensor parallel size all of its GPUs,
   * or as many as the model can be split over.
   */
  readonly machine?: string | undefined
  /**
   * Speed profile to use. Default: the one for the engine of `vllmVersion` on this GPU. Without a version: the
   * calibrated one for this GPU, for models like those it was fitted to; that of V1 for other GPUs and for models with
   * quantised weights or attention of another kind.
   */
  readonly profile?: SpeedProfileId | undefined
}

/** How a model is served, and what is asked of it. */
export interface PerformanceInput extends StepTimeInput {
  /** Requests sent at once. Default: 1. Not together with `requestsPerSecond`. */
  readonly concurrency?: number | undefined
  /** Requests that arrive per second on average, at random moments. The number of them at once follows from it. */
  readonly requestsPerSecond?: number | undefined
  /** Mean tokens of a prompt. Default: 100, as the documented response times are taken to have had. */
  readonly promptTokens?: number | undefined
  /** Mean tokens of a response. Default: those of the documented row that answers; 650 where none does. */
  readonly outputTokens?: number | undefined
  /** `model`: never a documented row, always the formula. Default: `documented`, a row where one matches. */
  readonly basisPreference?: 'documented' | 'model' | undefined
}
