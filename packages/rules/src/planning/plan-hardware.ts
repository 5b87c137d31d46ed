import { asciiLowerCase } from '../ascii-lower-case.js'
import { catalog } from '../catalog/catalog.js'
import type { Gpu, Machine } from '../catalog/hardware.js'
import { findGpu } from '../hardware-facts.js'
import { nearest } from '../nearest.js'
import { checkNumber, checkWholeNumber } from '../sizing/check-number.js'
import { gpuProfileOf } from '../sizing/gpu-profile.js'
import { SizingInputError } from '../sizing/sizing-input-error.js'
import type { PlannedHardware } from './plan-input.js'

/** A kind of machine that plans may use. */
export interface Node {
  /** The cloud's machine; absent where only GPUs were named. */
  readonly machine?: Machine
  readonly gpu: Gpu
  readonly gpuCount: number
  /** What one GPU costs for an hour, in units that only compare. */
  readonly costPerGpu: number
}

/** The hardware of a question. */
export interface Hardware {
  readonly nodes: readonly Node[]
  /** GPUs that there are in all. */
  readonly gpuCount: number
  readonly maxNodesPerReplica: number
  readonly maxReplicas: number
}

const usualGpusPerNode = 8

/** Reads the hardware of a question. Throws a `SizingInputError` that names an unknown GPU or machine. */
export function readHardware(input: PlannedHardware): Hardware {
  const gpuCount = whole('gpuCount', input.gpuCount, Number.MAX_SAFE_INTEGER, 1_000_000)
  const gpus = input.gpu === undefined ? undefined : listOf('gpu', input.gpu).map(gpuNamed)
  const price = readPrices(input.pricePerGpuHour)
  const usesMachines = input.machine !== undefined || input.cloud !== undefined
  const nodes = usesMachines ? machineNodes(input, gpus, price) : gpuNodes(input, gpus, price)
  return {
    nodes: nodes.filter((node) => node.gpuCount <= gpuCount),
    gpuCount,
    maxNodesPerReplica: whole('maxNodesPerReplica', input.maxNodesPerReplica, 4, 64),
    maxReplicas: whole('maxReplicas', input.maxReplicas, 64, 10_000),
  }
}

function gpuNodes(input: PlannedHardware, gpus: readonly Gpu[] | undefined, price: Price): Node[] {
  const most = Math.min(usualGpusPerNode, input.gpuCount ?? usualGpusPerNode)
  const gpuCount = whole('gpusPerNode', input.gpusPerNode, most, 1024)
  return (gpus ?? Object.values(catalog.gpus)).map((gpu) => ({ gpu, gpuCount, costPerGpu: price(gpu) }))
}

function machineNodes(input: PlannedHardware, gpus: readonly Gpu[] | undefined, price: Price): Node[] {
  const { cloud } = input
  if (cloud !== undefined && !clouds.includes(cloud)) throw unknownName('cloud', cloud, clouds)
  const named = input.machine === undefined ? undefined : listOf('machine', input.machine).map(machineNamed)
  const ids = gpus?.map(({ id }) => id)
  const machines = (named ?? everyMachine).filter(
    (machine) => (cloud === undefined || machine.cloud === cloud) && (ids === undefined || ids.includes(machine.gpu)),
  )
  return (named === undefined ? withoutLargerTwins(machines) : machines).map((machine) => {
    const gpu = catalog.gpus[machine.gpu]
    return { machine, gpu, gpuCount: machine.gpuCount, costPerGpu: price(gpu) }
  })
}

const everyMachine: readonly Machine[] = Object.values(catalog.machines)
const clouds: readonly string[] = ['gcp', 'aws', 'azure']

/** Of machines with the same GPUs, the smallest that has the documented base system; the largest where none has. */
function withoutLargerTwins(machines: readonly Machine[]): Machine[] {
  const chosen = new Map<string, Machine>()
  for (const machine of machines) {
    const key = `${machine.cloud} ${machine.gpu} ${machine.gpuCount}`
    const known = chosen.get(key)
    if (known === undefined || isBetter(machine, known)) chosen.set(key, machine)
  }
  return [...chosen.values()]
}

function isBetter(machine: Machine, known: Machine): boolean {
  const [isEnough, wasEnough] = [hasBaseSystem(machine), hasBaseSystem(known)]
  if (isEnough !== wasEnough) return isEnough
  return isEnough ? machine.vcpus < known.vcpus : machine.vcpus > known.vcpus
}

/** Whether a machine has the documented base system. */
export function hasBaseSystem({ vcpus, hostMemoryGB }: Machine): boolean {
  const { minimumCpuThreads, minimumRamGB } = catalog.hardwareRequirements.baseSystem
  return vcpus >= minimumCpuThreads && hostMemoryGB >= minimumRamGB
}

type Price = (gpu: Gpu) => number

/**
 * What a GPU costs. Without prices of the caller, a stand-in that only orders: the geometric mean of memory and
 * bandwidth, which rents follow roughly; 1 is an A100 with 80 GB.
 */
function readPrices(prices: PlannedHardware['pricePerGpuHour']): Price {
  if (prices === undefined) return standIn
  const byGpu = new Map(
    Object.entries(prices).map(([name, price]) => [
      gpuNamed(name).id,
      checkNumber(price, { field: `pricePerGpuHour.${name}`, least: 0, largest: 1e9 }),
    ]),
  )
  return ({ id }) => {
    const price = byGpu.get(id)
    if (price !== undefined) return price
    throw new SizingInputError({
      field: 'pricePerGpuHour',
      value: Object.keys(prices),
      expected: `a price for every GPU that may be used, ${id} too,`,
    })
  }
}

const reference = Math.sqrt(catalog.gpus['a100-80gb'].memoryGB * catalog.gpus['a100-80gb'].bandwidthGBs)

function standIn({ memoryGB, bandwidthGBs }: Gpu): number {
  return Math.sqrt(memoryGB * bandwidthGBs) / reference
}

function gpuNamed(name: string): Gpu {
  const gpu = findGpu(gpuProfileOf(name).id)
  if (gpu === undefined) throw new RangeError('A GPU with a profile is in the catalog.')
  return gpu
}

function machineNamed(name: string): Machine {
  const lower = typeof name === 'string' ? asciiLowerCase(name.trim()) : name
  const machine = everyMachine.find(({ id, name: official }) => id === lower || asciiLowerCase(official) === lower)
  if (machine !== undefined) return machine
  throw unknownName(
    'machine',
    name,
    everyMachine.map(({ id }) => id),
  )
}

function unknownName(field: string, value: unknown, known: readonly string[]): SizingInputError {
  const [closest] = nearest(String(value), known, 1)
  return new SizingInputError({ field, value, expected: `a ${field} of the catalog`, nearest: closest })
}

function listOf(field: string, value: string | readonly string[]): readonly string[] {
  const names = typeof value === 'string' ? [value] : value
  if (Array.isArray(names) && names.length > 0) return names
  throw new SizingInputError({ field, value, expected: 'a name, or a list of names,' })
}

function whole(field: string, value: number | undefined, usual: number, largest: number): number {
  return value === undefined ? usual : checkWholeNumber(value, { field, least: 1, largest })
}
