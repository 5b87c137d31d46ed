import {
  catalog,
  createStepTimeModel,
  estimateMemory,
  findModel,
  type Machine,
  type MemoryEstimate,
  SizingInputError,
  type SpeedProfileId,
  type StepTimeModel,
  validTensorParallelSizes,
} from '@duo-models/rules'
import { EmulatorError } from '../emulator-error.js'
import { invalidOption } from '../invalid-option.js'
import type { EngineSettings, SchedulingPolicy } from './simulated-engine.js'

/** How a model is served, in the words of `vllm serve`. What is left out has vLLM's own default. */
export interface ServingOptions {
  /** Catalog id, alias or Hugging Face id of the model. */
  readonly model: string
  /** Cloud machine of the catalog, such as `a2-highgpu-2g`: gives the GPU and how many there are. This or `gpu`. */
  readonly machine?: string | undefined
  /** GPU of the catalog, such as `a100-80gb`. */
  readonly gpu?: string | undefined
  /** GPUs that every layer is split over (`--tensor-parallel-size`). Default: all of the machine's that the model takes; 1 of a `gpu`. */
  readonly tensorParallelSize?: number | undefined
  /** Longest prompt and output together, in tokens (`--max-model-len`). Default: all that the model was made for. */
  readonly maxModelLength?: number | undefined
  /** Requests in one step (`--max-num-seqs`). */
  readonly maxNumSeqs?: number | undefined
  /** Tokens in one step (`--max-num-batched-tokens`). */
  readonly maxNumBatchedTokens?: number | undefined
  /** Share of the GPU that vLLM may use (`--gpu-memory-utilization`), above 0 and up to 1. */
  readonly gpuMemoryUtilization?: number | undefined
  /** `--scheduling-policy`. Default: `fcfs`. */
  readonly schedulingPolicy?: SchedulingPolicy | undefined
  /** `--enable-prefix-caching`. Default: on with the V1 engine, off with V0. */
  readonly enablePrefixCaching?: boolean | undefined
  /** Whether long prompts are read in pieces (`--enable-chunked-prefill`). Default: V1 yes; V0 above 32,768 tokens. */
  readonly enableChunkedPrefill?: boolean | undefined
  /**
   * Version of vLLM whose scheduler and memory are meant, such as `0.11.0`. Default: that of the engine which the speed
   * profile was measured with.
   */
  readonly vllmVersion?: string | undefined
  /** Speed profile of the rules' catalog. Default: the one calibrated for the GPU, or else that of the V1 engine. */
  readonly speedProfile?: SpeedProfileId | undefined
}

/** What an engine needs to know about the server it stands for. */
export interface Serving {
  readonly settings: EngineSettings
  readonly stepTimes: StepTimeModel
}

/**
 * Works out how a server is set up.
 *
 * @throws EmulatorError `invalid-option` for an unknown model or machine, numbers out of range, and a model that the
 * machine cannot serve; the message then says what `estimateMemory` says.
 */
export function resolveServing(options: ServingOptions): Serving {
  const found = tryServing(options)
  if (found instanceof EmulatorError) throw found
  return found
}

/** The same, except that a model which the machine cannot serve gives the error instead of throwing it. */
export function tryServing(options: ServingOptions): Serving | EmulatorError {
  checkSwitches(options)
  const { stepTimes, memory } = asEmulatorError(() => estimate(options))
  return memory.fits ? { stepTimes, settings: engineSettings(options, memory, stepTimes) } : doesNotFit(options, memory)
}

/** Turns what `@duo-models/rules` refuses into the error of this package. */
function asEmulatorError<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!SizingInputError.is(error)) throw error
    throw new EmulatorError('invalid-option', error.message, { cause: error })
  }
}

function checkSwitches(options: ServingOptions): void {
  const { schedulingPolicy = 'fcfs' } = options
  if (!['fcfs', 'priority'].includes(schedulingPolicy))
    throw invalidOption('schedulingPolicy', schedulingPolicy, 'fcfs or priority')
  for (const name of ['enablePrefixCaching', 'enableChunkedPrefill'] as const) {
    const value = options[name]
    if (value !== undefined && typeof value !== 'boolean') throw invalidOption(name, value, 'true or false')
  }
}

interface Estimates {
  readonly stepTimes: StepTimeModel
  readonly memory: MemoryEstimate
}

function estimate(options: ServingOptions): Estimates {
  const { machine: machineName, speedProfile, vllmVersion, schedulingPolicy: _, ...memoryOptions } = options
  const machine = machineName === undefined ? undefined : findMachine(machineName)
  const tensorParallelSize = options.tensorParallelSize ?? largestSplit(options.model, machine)
  const given = { ...memoryOptions, tensorParallelSize }
  const stepTimes = createStepTimeModel({ ...given, machine: machineName, profile: speedProfile })
  const gpu = options.gpu ?? machine?.gpu
  const engine = vllmVersion === undefined ? stepTimes.profile.engine : undefined
  return { stepTimes, memory: estimateMemory({ ...given, gpu, vllmVersion, engine }) }
}

function findMachine(name: string): Machine | undefined {
  const wanted = String(name).trim().toLowerCase()
  return Object.values(catalog.machines).find((machine) => machine.id === wanted || machine.name === wanted)
}

/** `undefined` leaves it to the rules, which also complain about what is unknown. */
function largestSplit(model: string, machine: Machine | undefined): number | undefined {
  const id = findModel(model).model?.id
  const architecture = id === undefined ? undefined : catalog.architectures[id]
  if (architecture === undefined || machine === undefined) return undefined
  return validTensorParallelSizes(architecture, machine.gpuCount).at(-1)
}

function engineSettings(
  { schedulingPolicy = 'fcfs', enablePrefixCaching }: ServingOptions,
  { settings, kvCacheBlocks }: MemoryEstimate,
  { profile }: StepTimeModel,
): EngineSettings {
  const { blockSize, maxNumSeqs, maxNumBatchedTokens, chunkedPrefill, engine } = settings
  return {
    blockSize,
    blocks: kvCacheBlocks,
    maxNumSeqs,
    maxNumBatchedTokens,
    chunkedPrefill,
    readsPromptsAlone: engine === 'v0' && !chunkedPrefill,
    schedulingPolicy,
    enablePrefixCaching: enablePrefixCaching ?? engine === 'v1',
    requestOverheadMs: profile.constants.requestOverheadMs.value,
  }
}

function doesNotFit({ model, machine, gpu }: ServingOptions, { findings }: MemoryEstimate): EmulatorError {
  const finding = findings.find(({ severity }) => severity === 'error')
  const reason = [finding?.message, finding?.fix?.description].filter((part) => part !== undefined).join(' ')
  return new EmulatorError('invalid-option', `${model} cannot be served on ${machine ?? gpu}. ${reason}`)
}
