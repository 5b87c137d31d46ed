import type { ResponseTime } from '../catalog/hardware.js'
import type { SpeedProfileId } from '../catalog/speed-profiles.generated.js'
import type { FactReference, Finding } from '../finding.js'
import type { PerformanceFigures } from './performance-figures.js'

/** Low and high end of a figure: the truth is expected inside in at least nine cases of ten. */
export interface Interval {
  /** The low end. */
  readonly low: number
  /** The high end. */
  readonly high: number
}

/**
 * What a figure rests on. `documented`: a row of the response-time tables. `calibrated`: the model was fitted to
 * measurements of this engine generation on this GPU, and the workload lies within them. `extrapolated`: it was not, or
 * it does not.
 */
export type PerformanceBasis = 'documented' | 'calibrated' | 'extrapolated'

/** The workload a prediction holds for, defaults filled in. */
export interface PredictedWorkload {
  /** Requests at once: as asked for, or on average at the rate asked for, waiting ones included. */
  readonly concurrency: number
  /** Arrivals per second; absent for a burst. */
  readonly requestsPerSecond?: number
  /** Mean tokens of a prompt. */
  readonly promptTokens: number
  /** Mean tokens of a response. */
  readonly outputTokens: number
}

/** The answer of `predictPerformance`: an estimate, except for the figures that a documented row gives. */
export interface PerformancePrediction extends PerformanceFigures {
  /** Low and high ends of the figures. */
  readonly interval: Readonly<Record<keyof PerformanceFigures, Interval>>
  /** The best that any figure rests on. */
  readonly basis: PerformanceBasis
  /** What each figure rests on: a documented row has no time to the first token and none between tokens. */
  readonly figureBasis: Readonly<Record<keyof PerformanceFigures, PerformanceBasis>>
  /** Id of the speed profile used, such as `a100-v0`. */
  readonly profile: SpeedProfileId
  /** The workload the figures hold for. */
  readonly workload: PredictedWorkload
  /** Requests that the server runs at once at most: vLLM's `--max-num-seqs`, or fewer where the cache holds fewer. */
  readonly runningLimit: number
  /**
   * Whether more is asked for than the server can do: a burst beyond `runningLimit`, of which a part waits, or a rate
   * beyond `capacityRequestsPerSecond`, at which the queue grows without end; the figures are then those just below it.
   */
  readonly saturated: boolean
  /** Requests per second that the server can sustain with these lengths. */
  readonly capacityRequestsPerSecond: number
  /** The documented row that answers; absent where none does. */
  readonly documentedRow?: ResponseTime
  /** Reasons for doubt, and documented rows that contradict others. */
  readonly findings: readonly Finding[]
  /** Where the figures and the profile's constants come from. */
  readonly sources: readonly FactReference[]
}
