import type { MemoryInput } from '../sizing/memory-input.js'
import type { FeatureId, SupportLevel } from '../vocabulary.js'

/** What is to be served: one model, or the best one for some features. */
interface PlannedModel extends Pick<MemoryInput, 'model' | 'architecture'> {
  /** Instead of `model`: features that one model has to serve. The best documented model comes first. */
  readonly features?: readonly FeatureId[] | undefined
  /** With `features`: the least level of each. Default: `partial`. */
  readonly atLeast?: Extract<SupportLevel, 'full' | 'partial' | 'yes'> | undefined
  /** GitLab release whose table is asked. Default: the newest the catalog has. */
  readonly release?: string | undefined
}

/** What is asked of it. One of `users`, `requestsPerSecond` and `concurrency` is needed. */
export interface PlannedWorkload {
  /** People who use the features. Their requests follow from `requestsPerUserPerHour`. */
  readonly users?: number | undefined
  /** Requests of one user in a busy hour. Default: 60; the plans say that it was assumed. */
  readonly requestsPerUserPerHour?: number | undefined
  /** Requests that arrive per second on average. Wins over `users`. */
  readonly requestsPerSecond?: number | undefined
  /** Requests sent at once. Not together with the others. */
  readonly concurrency?: number | undefined
  /** Mean tokens of a prompt. Default: 1,000; the plans say that it was assumed. */
  readonly promptTokens?: number | undefined
  /** Mean tokens of a response. Default: 300; the plans say that it was assumed. */
  readonly outputTokens?: number | undefined
  /** Mean time to the first token must be at most this, in milliseconds. Default: no target. */
  readonly timeToFirstTokenMs?: number | undefined
  /** Mean time between tokens must be at most this, in milliseconds. Default: no target. */
  readonly interTokenLatencyMs?: number | undefined
}

/** Where it may run. Everything left out is not restricted. */
export interface PlannedHardware {
  /** Catalog ids or aliases of GPUs. Default: with machines, theirs; otherwise every GPU of the catalog. */
  readonly gpu?: string | readonly string[] | undefined
  /** GPUs that there are, in all. Default: as many as it takes, up to `maxReplicas` copies. */
  readonly gpuCount?: number | undefined
  /** GPUs of one machine, where no machine is named. Default: 8, or `gpuCount` if that is less. */
  readonly gpusPerNode?: number | undefined
  /** Cloud machines of the catalog, by id. */
  readonly machine?: string | readonly string[] | undefined
  /** Only machines of this cloud. */
  readonly cloud?: 'gcp' | 'aws' | 'azure' | undefined
  /** Most machines that one copy of the model may span, where it fits into none. Default: 4; 1 forbids it. */
  readonly maxNodesPerReplica?: number | undefined
  /** Most copies of the model. Default: 64. */
  readonly maxReplicas?: number | undefined
  /** Price of one GPU for an hour, by GPU id, in any currency: orders the plans. Default: see `DeploymentPlan.relativeCost`. */
  readonly pricePerGpuHour?: Readonly<Record<string, number>> | undefined
}

/** How vLLM is run. What is left out is chosen by the plan. */
interface PlannedServer
  extends Pick<
    MemoryInput,
    | 'dtype'
    | 'quantization'
    | 'kvCacheDtype'
    | 'maxNumSeqs'
    | 'maxNumBatchedTokens'
    | 'gpuMemoryUtilization'
    | 'vllmVersion'
    | 'calibration'
  > {
  /** Longest request in tokens. Default: the shortest usual length that holds four mean requests, 8,192 at least. */
  readonly maxModelLength?: number | undefined
  /** Name that the server answers to. Default: the model's catalog id. */
  readonly servedModelName?: string | undefined
}

/** The question of `planDeployments`. */
export interface PlanInput extends PlannedModel, PlannedWorkload, PlannedHardware, PlannedServer {
  /**
   * Whether plans below the documented minimum for the model's size are given too. GitLab's support statement speaks of
   * that minimum, and `checkConfig` refuses less. Default: no.
   */
  readonly allowBelowDocumentedMinimum?: boolean | undefined
  /** Most plans. Default: 10. */
  readonly limit?: number | undefined
}
