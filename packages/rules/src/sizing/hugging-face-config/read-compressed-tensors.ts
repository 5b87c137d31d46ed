import type { QuantizationSettings } from '../model-architecture.js'
import { findBlockSize } from './block-size.js'
import {
  type ConfigObject,
  contradiction,
  fieldOf,
  findNumber,
  findObject,
  findText,
  invalid,
  needNumber,
} from './config-object.js'

const bitLimits = { least: 1, largest: 16 }
const groupLimits = { least: -1, largest: 2 ** 16 }

/** Reads what compressed-tensors (LLM Compressor) writes: groups of layers, each with its own format. */
export function readCompressedTensors(settings: ConfigObject): QuantizationSettings | undefined {
  const groups = findObject(settings, 'config_groups')
  if (groups === undefined) return undefined
  const found = Object.keys(groups.values).flatMap((name) => {
    const weights = weightsOf(groups, name)
    return weights === undefined ? [] : [readWeights(weights)]
  })
  const [first] = found
  const other = found.find((group) => JSON.stringify(group) !== JSON.stringify(first))
  if (first === undefined || other === undefined) return first
  throw contradiction(
    groups.path,
    `${groups.path} quantises some weights as ${describe(first)} and others as ${describe(other)}, which cannot be sized.`,
  )
}

function weightsOf(groups: ConfigObject, name: string): ConfigObject | undefined {
  const group = findObject(groups, name)
  return group === undefined ? undefined : findObject(group, 'weights')
}

function readWeights(weights: ConfigObject): QuantizationSettings {
  const bits = needNumber(weights, ['num_bits'], bitLimits)
  const type = findText(weights, ['type']) ?? 'int'
  const groupSize = findBlockSize(weights, 'block_structure') ?? findGroupSize(weights)
  const group = groupSize === undefined ? {} : { groupSize }
  if (type === 'float' && bits === 8) return { method: 'fp8', bits, ...group }
  if (type === 'float' && bits === 4)
    return { method: groupSize === 32 ? 'mxfp4' : 'nvfp4', bits, groupSize: groupSize ?? 16 }
  if (type === 'int' && bits === 8) return { method: 'int8', bits, ...group }
  if (type === 'int' && bits === 4) return { method: 'int4', bits, ...group }
  throw invalid(fieldOf(weights, 'num_bits'), `${bits} bits of type ${type}`, '4 or 8 bits of type int or float')
}

function findGroupSize(weights: ConfigObject): number | undefined {
  const size = findNumber(weights, ['group_size'], groupLimits)
  return size !== undefined && size > 0 ? size : undefined
}

function describe({ method, groupSize }: QuantizationSettings): string {
  return groupSize === undefined ? method : `${method} in groups of ${groupSize}`
}
