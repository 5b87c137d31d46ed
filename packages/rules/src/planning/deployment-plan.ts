import type { DuoModelsConfiguration } from '../configuration.js'
import type { FactReference, Finding } from '../finding.js'
import type { MemoryEstimate } from '../sizing/memory-estimate.js'
import type { PerformancePrediction } from '../sizing/performance-prediction.js'

/** One way to serve a model for a workload, complete enough to render its files. */
export interface DeploymentPlan {
  /** Place in the list, from 1: cheapest first. */
  readonly rank: number
  /** Catalog id of the model, or the name of the architecture that was given. */
  readonly model: string
  /** Hugging Face repository that `vllm serve` loads; absent where only an architecture is known. */
  readonly huggingFaceId?: string
  /** Name that the server answers to. */
  readonly servedModelName: string
  /** Cloud machine of one node; absent when the caller named GPUs only. */
  readonly machine?: string
  readonly gpu: string
  /** GPUs of one replica that sit in one machine. */
  readonly gpusPerNode: number
  /** Machines that one replica spans: more than 1 needs a way to run vLLM over several machines. */
  readonly nodesPerReplica: number
  /** Independent copies of the server, behind one deployment. */
  readonly replicas: number
  /** Machines of all replicas; with GPUs alone, groups of `gpusPerNode`. */
  readonly machineCount: number
  /** GPUs that have to be there: of whole machines, where machines are named. */
  readonly totalGpus: number
  /**
   * What `totalGpus` cost for an hour, for comparison. In the caller's prices, where it gave them. Otherwise a stand-in:
   * each GPU counts the geometric mean of its memory and bandwidth, and one A100 with 80 GB is 1.
   */
  readonly relativeCost: number
  readonly tensorParallelSize: number
  readonly pipelineParallelSize: number
  readonly maxModelLength: number
  readonly maxNumSeqs: number
  /** Absent: vLLM's default. */
  readonly maxNumBatchedTokens?: number
  readonly gpuMemoryUtilization: number
  readonly dtype: 'bfloat16' | 'float16' | 'float32'
  /** `--quantization`; absent: the weights as they are published. */
  readonly quantization?: string
  readonly kvCacheDtype: 'auto' | 'fp8'
  readonly vllmVersion: string
  /** GiB per GPU left for the cache beyond what the workload needs. */
  readonly headroomGiB: number
  readonly memory: MemoryEstimate
  /** Of one replica under its share of the workload. */
  readonly performance: PerformancePrediction
  /** The documented minimum for a model of this size; absent where there is none. */
  readonly documentedMinimum?: {
    readonly gpu: string
    readonly gpuCount: number
    readonly minimumVramGB: number
    /** Whether the plan has at least that. GitLab's support statement speaks of it. */
    readonly isMet: boolean
  }
  /** Conflicts between documentation and estimate, warnings, advice. */
  readonly findings: readonly Finding[]
  /** The configuration that belongs to the plan; `checkConfig` accepts it. Endpoints are placeholders until it runs. */
  readonly configuration: DuoModelsConfiguration
  readonly sources: readonly FactReference[]
}
