import type { Gpu } from '../catalog/hardware.js'
import type { ServeRecipe } from '../catalog/serving.js'
import type { ServeOption } from './serve-option.js'

/** A vLLM server to be rendered, whether a plan or a configuration describes it. */
export interface VllmServer {
  /** Name of the deployment in the configuration. */
  readonly deployment: string
  /** Kubernetes name, which also names Compose services. */
  readonly name: string
  /** Hugging Face repository of the weights, or what the configuration calls the model. */
  readonly repository: string
  /** What `vllm serve` loads: the repository, or a path. */
  readonly model: string
  /** The documented recipe, when it is for this model. */
  readonly recipe?: ServeRecipe | undefined
  /** Options of `vllm serve` in the order they are written; neither port nor key is among them. */
  readonly options: readonly ServeOption[]
  /** Name the server answers to. */
  readonly servedModelName: string
  /** Version of vLLM, as stated. */
  readonly vllmVersion?: string | undefined
  /** The GPU, where the catalog knows it. */
  readonly gpu?: Gpu | undefined
  /** GPUs that one machine gives to one replica. */
  readonly gpusPerNode: number
  /** Machines that one replica spans. */
  readonly nodes: number
  /** Copies of the server. */
  readonly replicas: number
  /** Weights of the whole model on disk, GiB; absent where nobody knows. */
  readonly weightsGiB?: number | undefined
  /** CPUs (threads, as Kubernetes counts) and memory of one machine; absent where they are not stated. */
  readonly host?: { readonly cpus: number; readonly memoryGB: number } | undefined
  /** Environment variable that holds the key clients present; absent where there is none. */
  readonly keyVariable?: string | undefined
  /** Port that the arguments or an endpoint state. */
  readonly port?: number | undefined
  /** The stated addresses. */
  readonly endpoints: readonly string[]
  /** What the reader has to know, one sentence each. */
  readonly notes: readonly string[]
}
