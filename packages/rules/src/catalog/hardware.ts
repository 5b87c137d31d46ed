import type { GpuId, MachineId, ModelId } from './catalog.generated.js'
import type { SourceReference } from './source.js'

/** A GPU. Figures are per card; TFLOPS are dense, without sparsity. */
export interface Gpu {
  /** Lower-case slug, such as `a100-80gb`. A plain id is the SXM form where both forms exist. */
  readonly id: GpuId
  /** Product name. */
  readonly name: string
  /** Further spellings. */
  readonly aliases: readonly string[]
  /** The maker. */
  readonly vendor: 'NVIDIA' | 'AMD'
  /** Cards of one product differ only in memory and form; the documented minimums name products. */
  readonly product: string
  /** Nominal memory, decimal GB, as the maker prints it. */
  readonly memoryGB: number
  /** Memory that the driver reports as usable, in GiB. */
  readonly totalGiB: number
  /** Where `totalGiB` comes from, in words. */
  readonly totalGiBBasis: string
  /** True when `totalGiB` was read from a log or derived from a measurement. */
  readonly totalGiBVerified: boolean
  /** Memory bandwidth, GB/s. */
  readonly bandwidthGBs: number
  /** 16-bit floating point. */
  readonly fp16TFLOPS: number
  /** bfloat16; absent where the card has none. */
  readonly bf16TFLOPS?: number
  /** 8-bit floating point; absent where the card has none. */
  readonly fp8TFLOPS?: number
  /** 4-bit floating point; absent where the card has none. */
  readonly fp4TFLOPS?: number
  /** 8-bit integers, in tera-operations per second; absent where the card has no matrix units for them. */
  readonly int8TOPS?: number
  /** CUDA compute capability, or the AMD architecture. */
  readonly computeCapability: string
  /** Link between GPUs, both directions, GB/s; absent where the card has none. */
  readonly nvlinkGBs?: number
  /** The PCIe generation and width. */
  readonly pcie: string
  /** What vLLM can run on it. */
  readonly vllm: GpuVllmSupport
  /** Where the figures come from. */
  readonly sources: readonly SourceReference[]
}

/** Number formats and kernels that vLLM supports on a GPU. */
export interface GpuVllmSupport {
  /** 16-bit floating point. */
  readonly fp16: boolean
  /** bfloat16. */
  readonly bf16: boolean
  /** 8-bit weights and activations. */
  readonly fp8W8A8: boolean
  /** 8-bit weights only, through Marlin kernels. */
  readonly fp8WeightOnlyMarlin: boolean
  /** AWQ weights. */
  readonly awq: boolean
  /** GPTQ weights. */
  readonly gptq: boolean
  /** Marlin kernels. */
  readonly marlin: boolean
  /** 8-bit integer weights and activations. */
  readonly int8W8A8: boolean
  /** bitsandbytes weights. */
  readonly bitsandbytes: boolean
}

/** A machine type with GPUs that a cloud rents out. */
export interface Machine {
  /** Lower-case slug with dashes, such as `a2-ultragpu-8g` or `g5.xlarge`. */
  readonly id: MachineId
  /** The provider's own spelling. */
  readonly name: string
  /** The provider. */
  readonly cloud: 'gcp' | 'aws' | 'azure'
  /** Its GPU. */
  readonly gpu: GpuId
  /** How many of them. */
  readonly gpuCount: number
  /** Virtual CPUs: threads, not cores. */
  readonly vcpus: number
  /** Host memory, GB. It is not GPU memory. */
  readonly hostMemoryGB: number
  /** What to know about this row. */
  readonly note?: string
  /** Where the figures come from. */
  readonly sources: readonly SourceReference[]
}

/** Documented hardware minimums. */
export interface HardwareRequirements {
  /** The machine itself. */
  readonly baseSystem: BaseSystemRequirements
  /** GPUs by model size: four rows, and no formula reproduces them. */
  readonly gpuRows: readonly GpuRequirement[]
}

/** The documented base system. */
export interface BaseSystemRequirements extends SourceReference {
  /** Least CPU cores. */
  readonly minimumCpuCores: number
  /** Least CPU threads. */
  readonly minimumCpuThreads: number
  /** CPU cores advised for production. */
  readonly recommendedCpuCores: number
  /** Least memory, GB. */
  readonly minimumRamGB: number
  /** Memory advised for most models, GB. */
  readonly recommendedRamGB: number
  /** Kind of storage. */
  readonly storage: 'ssd'
}

/** One row of the GPU table. */
export interface GpuRequirement extends SourceReference {
  /** Row key, such as `22b`. */
  readonly id: string
  /** The row's label. */
  readonly label: string
  /** The example the row gives. */
  readonly example?: string
  /** Parameters of the models the row speaks of, in billions, all experts counted. */
  readonly parametersBillion: number
  /** The catalog's models of that size. */
  readonly models: readonly ModelId[]
  /** The minimum GPU. */
  readonly gpu: GpuId
  /** How many of them. */
  readonly gpuCount: number
  /** Stated least GPU memory of the whole set, GB. */
  readonly minimumVramGB: number
  /** Conflict that this row takes part in. */
  readonly conflict?: string
}

/** The machine of a response-time table, as printed and as it must have been. */
export interface ResponseTimeMachine extends SourceReference {
  /** The heading: small, medium or large. */
  readonly size: 'small' | 'medium' | 'large'
  /** The machine type as printed. */
  readonly documentedMachine: string
  /** The GPU as printed, in catalog words. */
  readonly documentedGpu: GpuId
  /** The number of GPUs as printed. */
  readonly gpuCount: number
  /** The figure printed as "vRAM", GB. It is no GPU memory: see `docStatedVramReliable`. */
  readonly docStatedVramGB: number
  /** Always false: the printed figures are host memory, or fit nothing. */
  readonly docStatedVramReliable: false
  /** Machines it can have been; more than one where the page contradicts itself. */
  readonly candidates: readonly MachineId[]
  /** GPU memory by count and card, GB; one value per candidate. */
  readonly gpuMemoryGB: readonly number[]
}

/** One measured row of the response-time tables. */
export interface ResponseTime extends SourceReference {
  /** The machine, by the size in its heading. */
  readonly machine: ResponseTimeMachine['size']
  /** The model. */
  readonly model: ModelId
  /** The model's name as printed: a Hugging Face basename. */
  readonly documentedModel: string
  /** Requests sent at once. */
  readonly requests: number
  /** Mean seconds per request. */
  readonly secondsPerRequest: number
  /** Mean tokens in a response. */
  readonly tokensPerResponse: number
  /** Mean of the requests' own rates, tokens per second: a mean of ratios. */
  readonly tokensPerSecondPerRequest: number
  /** Seconds until the last response. */
  readonly totalSeconds: number
  /** Tokens of all responses per second. */
  readonly totalTokensPerSecond: number
  /** Conflict with other rows that this one takes part in. */
  readonly conflict?: string
}
