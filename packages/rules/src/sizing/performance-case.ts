import { asciiLowerCase } from '../ascii-lower-case.js'
import { catalog } from '../catalog/catalog.js'
import type { CatalogModel } from '../catalog/catalog-model.js'
import type { Gpu, Machine } from '../catalog/hardware.js'
import type { SpeedProfile } from '../catalog/speed-profile.js'
import { findModelExactly } from '../find-model.js'
import { findGpu } from '../hardware-facts.js'
import { nearest } from '../nearest.js'
import { checkWholeNumber } from './check-number.js'
import { calibratedProfileOf, chooseSpeedProfile, speedProfileOf } from './choose-speed-profile.js'
import { architectureOf } from './find-architecture.js'
import type { MemoryCase } from './memory-case.js'
import type { MemoryInput } from './memory-input.js'
import type { ModelArchitecture } from './model-architecture.js'
import type { StepTimeInput } from './performance-input.js'
import { resolveMemoryCase } from './resolve-memory-case.js'
import { SizingInputError } from './sizing-input-error.js'
import { nearestTensorParallelSize, splitProblems } from './tensor-parallel.js'

/** How a model is served, with everything filled in that speed depends on. */
export interface PerformanceCase {
  /** What `estimateMemory` is asked about the same server. */
  readonly memoryInput: MemoryInput
  /** The settings, vLLM's defaults filled in. */
  readonly settings: MemoryCase
  /** The model of the catalog; absent where an architecture was given. */
  readonly model?: CatalogModel | undefined
  readonly gpu: Gpu
  /** The machine that was named. */
  readonly machine?: Machine | undefined
  readonly profile: SpeedProfile
  /** Whether neither a version nor an engine nor a profile was asked for. */
  readonly isEngineAssumed: boolean
}

/** The version that stands for V0 where none is named: the least that GitLab's documentation asks for. */
const documentedVllmVersion = '0.6.4.post1'

/**
 * Fills in what a question about speed leaves out. Throws a `SizingInputError` for one that cannot be asked, and for a
 * tensor parallel size that the model cannot have: nothing would run that could be fast or slow.
 */
export function resolvePerformanceCase(input: StepTimeInput): PerformanceCase {
  if (typeof input !== 'object' || input === null)
    throw new SizingInputError({ field: 'input', value: input, expected: 'an object with a model and a GPU' })
  const architecture = checkArchitecture(architectureOf(input))
  const machine = input.machine === undefined ? undefined : machineOf(input.machine)
  const gpu = gpuOf(input.gpu, machine)
  const named = input.profile === undefined ? undefined : speedProfileOf(input.profile)
  const isEngineAssumed = (input.vllmVersion ?? input.engine ?? named) === undefined
  const memoryInput = {
    ...input,
    architecture,
    gpu: gpu.id,
    tensorParallelSize: tensorParallelSizeOf(input, architecture, machine),
    vllmVersion: input.vllmVersion ?? versionOf(input.engine ?? (named ?? assumedProfile(gpu, architecture))?.engine),
  }
  const settings = resolveMemoryCase(memoryInput)
  checkSplit(settings)
  return {
    memoryInput,
    settings,
    model: input.architecture === undefined && input.model !== undefined ? findModelExactly(input.model) : undefined,
    gpu,
    machine,
    profile: named ?? chooseSpeedProfile(gpu, settings.engine),
    isEngineAssumed,
  }
}

// The measured models were plain ones; others came after V0, and nobody serves them with it.
function assumedProfile(gpu: Gpu, architecture: ModelArchitecture): SpeedProfile | undefined {
  const { quantization, latentAttention, slidingWindow, linearAttentionLayers = 0 } = architecture
  const isPlain = (quantization ?? latentAttention ?? slidingWindow) === undefined && linearAttentionLayers === 0
  return isPlain ? calibratedProfileOf(gpu) : undefined
}

function versionOf(engine: 'v0' | 'v1' | undefined): string | undefined {
  return engine === 'v0' ? documentedVllmVersion : undefined
}

const sizes = [
  'layers',
  'hiddenSize',
  'intermediateSize',
  'attentionHeads',
  'keyValueHeads',
  'headSize',
  'vocabularySize',
  'maxPositions',
] as const

// Those of the catalog and of readHuggingFaceConfig are sound; this is about ones that were written by hand.
function checkArchitecture(architecture: ModelArchitecture): ModelArchitecture {
  for (const size of sizes)
    checkWholeNumber(architecture[size], { field: `architecture.${size}`, least: 1, largest: 1e9 })
  return architecture
}

let machinesByName: ReadonlyMap<string, Machine> | undefined

function machineOf(name: string): Machine {
  machinesByName ??= new Map(
    Object.values(catalog.machines).flatMap((machine) =>
      [machine.id, machine.name].map((known) => [asciiLowerCase(known), machine] as const),
    ),
  )
  const found = typeof name === 'string' ? machinesByName.get(asciiLowerCase(name.trim())) : undefined
  if (found !== undefined) return found
  throw new SizingInputError({
    field: 'machine',
    value: name,
    expected: 'the id of a machine of the catalog',
    nearest: nearest(String(name), Object.keys(catalog.machines), 1)[0],
  })
}

function gpuOf(name: string | undefined, machine: Machine | undefined): Gpu {
  if (name === undefined && machine !== undefined) return catalog.gpus[machine.gpu]
  const gpu = typeof name === 'string' ? findGpu(name) : undefined
  if (gpu === undefined) throw unknownGpu(name)
  if (machine !== undefined && machine.gpu !== gpu.id)
    throw new SizingInputError({
      field: 'gpu',
      value: name,
      expected: `the GPU of ${machine.id}`,
      nearest: machine.gpu,
    })
  return gpu
}

function unknownGpu(name: unknown): SizingInputError {
  const card = Object.values(catalog.gpus).find(({ product }) => product === name)
  const ids = Object.keys(catalog.gpus)
  return new SizingInputError({
    field: 'gpu',
    value: name,
    expected: 'the id of a GPU of the catalog, or a machine,',
    nearest: card?.id ?? (name === undefined ? undefined : nearest(String(name), ids, 1)[0]),
  })
}

function tensorParallelSizeOf(
  { tensorParallelSize, enableExpertParallel }: StepTimeInput,
  architecture: ModelArchitecture,
  machine: Machine | undefined,
): number {
  const largest = machine?.gpuCount ?? 1024
  if (tensorParallelSize !== undefined)
    return checkWholeNumber(tensorParallelSize, { field: 'tensorParallelSize', least: 1, largest })
  let size = machine?.gpuCount ?? 1
  const options = { quantization: architecture.quantization, expertParallel: enableExpertParallel }
  while (size > 1 && splitProblems(architecture, size, options).length > 0) size -= 1
  return size
}

function checkSplit({ architecture, tensorParallelSize, expertParallel }: MemoryCase): void {
  const options = { quantization: architecture.quantization, expertParallel }
  const [problem] = splitProblems(architecture, tensorParallelSize, options)
  if (problem === undefined) return
  throw new SizingInputError({
    field: 'tensorParallelSize',
    value: tensorParallelSize,
    expected: `a number of GPUs that ${architecture.name} can be split over (vLLM: "${problem.message}")`,
    nearest: nearestTensorParallelSize(architecture, tensorParallelSize, options),
  })
}
