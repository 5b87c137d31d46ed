import type { GpuId } from './catalog.generated.js'
import type { SourceReference } from './source.js'
import type { SpeedProfileId } from './speed-profiles.generated.js'

/**
 * Where a constant of a speed profile comes from. `fitted`: to measured rows, by the script in this repository.
 * `measured`: someone else measured it and published it. `hand-set`: chosen by hand, with the named source in view.
 */
export type ConstantOrigin = 'fitted' | 'measured' | 'hand-set'

/** One constant of a speed profile. */
export interface SpeedConstant extends SourceReference {
  /** The value, in the unit that the constant's name ends in; shares and factors have none. */
  readonly value: number
  /** Where it comes from. */
  readonly origin: ConstantOrigin
}

/** How fast one generation of the engine runs on one family of GPUs. Data, each figure with its origin. */
export interface SpeedProfile {
  /** Id, such as `a100-v0`. */
  readonly id: SpeedProfileId
  /** What it stands for, in words. */
  readonly name: string
  /** vLLM's engine generation: V0 before 0.8.0, V1 from then on. */
  readonly engine: 'v0' | 'v1'
  /** GPU products it is made for, as in `Gpu.product`; empty: any GPU. */
  readonly products: readonly string[]
  /** `calibrated`: fitted to measured rows. `hand-set`: everything it says is an extrapolation. */
  readonly standing: 'calibrated' | 'hand-set'
  /** What a step of the engine costs. */
  readonly constants: SpeedConstants
  /** Widths of the intervals around its predictions. */
  readonly interval: SpeedInterval
  /** What it was fitted to, and how far off it was there; absent where it was not fitted. */
  readonly calibration?: SpeedCalibration
  /** What to know before relying on it. */
  readonly notes: readonly string[]
}

/** What a step of the engine costs. A step makes one token for every running request. */
export interface SpeedConstants {
  /** Share of the memory bandwidth that reading weights and cache reaches. */
  readonly bandwidthEfficiency: SpeedConstant
  /** Share of the peak compute rate that decoding reaches. */
  readonly decodeComputeEfficiency: SpeedConstant
  /** Share of the peak compute rate that the matrices of prefill reach. */
  readonly prefillComputeEfficiency: SpeedConstant
  /** Share of the peak compute rate that attention in prefill reaches. */
  readonly prefillAttentionEfficiency: SpeedConstant
  /** µs per layer and step, times 1 + log2 of the tensor parallel size: launching kernels, waiting for the other GPUs. */
  readonly layerOverheadUs: SpeedConstant
  /** µs per layer with experts and step: sorting tokens by expert. */
  readonly expertLayerOverheadUs: SpeedConstant
  /** µs per request in the step: scheduling, sampling, turning tokens into text. */
  readonly sequenceOverheadUs: SpeedConstant
  /** ms per request, once: HTTP, tokenising, queueing of an idle server. */
  readonly requestOverheadMs: SpeedConstant
  /** GB/s at which 2 GPUs sum up their halves of a layer, over a link of `allReduceLinkGBs`. */
  readonly allReduce2GBs: SpeedConstant
  /** The same with 4 GPUs. */
  readonly allReduce4GBs: SpeedConstant
  /** The same with 8 GPUs and more. */
  readonly allReduce8GBs: SpeedConstant
  /** GB/s of the link, both directions, that the three were measured on. Other links scale them. */
  readonly allReduceLinkGBs: SpeedConstant
  /** µs that each sum takes longer where GPUs have no link of their own and talk over PCIe. */
  readonly pcieAllReduceUs: SpeedConstant
  /** µs to hand a step from one pipeline stage to the next. */
  readonly pipelineHopUs: SpeedConstant
  /** Share of a burst that is still running, averaged over the time of a mean response. */
  readonly burstOccupancy: SpeedConstant
  /** How much longer the slowest response of a large burst takes than the mean one. */
  readonly burstTail: SpeedConstant
}

/** Factors by which the truth may lie above or below a prediction, in at least nine cases of ten. */
export interface SpeedInterval {
  /** For seconds per request, tokens per second of one request and the time between tokens. */
  readonly requestFactor: number
  /** For the time of a whole burst, and tokens per second in total. */
  readonly totalFactor: number
  /** For the time to the first token. */
  readonly firstTokenFactor: number
  /** Multiplied into each where the workload or the settings lie outside what was measured. */
  readonly outsideFactor: number
  /** How the factors were found, in words. */
  readonly basis: string
}

/** What a profile was fitted to, and how far off it was there. */
export interface SpeedCalibration extends SourceReference {
  /** Measured rows. */
  readonly rows: number
  /** GPUs of those rows. */
  readonly gpus: readonly GpuId[]
  /** Smallest and largest number of requests at once. */
  readonly concurrency: readonly [number, number]
  /** Smallest and largest tensor parallel size. */
  readonly tensorParallelSize: readonly [number, number]
  /** Longest prompt and response together, tokens. */
  readonly maxContextTokens: number
  /** Prompt that the rows are taken to have had, where the source does not say. */
  readonly assumedPromptTokens: number
  /** Errors of the mean time per request. */
  readonly requestErrors: CalibrationErrors
  /** Errors of the time of a whole burst. */
  readonly totalErrors: CalibrationErrors
}

/** Median and largest error, as shares of the measured value. */
export interface CalibrationErrors {
  /** On the rows it was fitted to. */
  readonly inSample: ErrorSummary
  /** On each row, fitted to all others. */
  readonly leaveOneRowOut: ErrorSummary
  /** On the rows of each machine, fitted to the other machines. */
  readonly leaveOneMachineOut: ErrorSummary
  /** On the rows of each model, fitted to the other models. */
  readonly leaveOneModelOut: ErrorSummary
}

/** Median and largest of a set of errors. */
export interface ErrorSummary {
  /** The middle one. */
  readonly median: number
  /** The largest. */
  readonly max: number
}
