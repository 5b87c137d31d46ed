import {
  type ConfigObject,
  contradiction,
  fieldOf,
  findFactor,
  findNumber,
  findObject,
  findText,
  isRecord,
  missing,
} from './config-object.js'
import { limits } from './limits.js'
import type { ModelConfig } from './model-config.js'

// Where vLLM looks for the context; the smallest counts.
const lengthNames = [
  'max_position_embeddings',
  'n_positions',
  'max_seq_len',
  'seq_length',
  'max_target_positions',
  'max_sequence_length',
  'max_seq_length',
  'seq_len',
]

const largestFactor = 2 ** 20
const mistralDefault = 128_000

/** The longest context, as vLLM derives it: rope scaling multiplies, except where the length already has it in it. */
export function readMaxPositions(config: ModelConfig): number {
  const length = readLength(config)
  const positions = Math.floor(config.modelType.includes('gemma3') ? length : scale(config, length))
  if (positions <= limits.positions.largest) return positions
  throw contradiction(
    fieldOf(config.text, 'rope_scaling'),
    `A context of ${length} tokens times the factor of rope scaling is ${positions}, which no model has.`,
  )
}

function readLength({ text, family, isMistralFile, assume }: ModelConfig): number {
  // A model that states this one means it: Command R.
  const stated = findNumber(text, ['model_max_length'], limits.positions)
  if (stated !== undefined) return stated
  const lengths = lengthNames.flatMap((name) => findNumber(text, [name], limits.positions) ?? [])
  if (lengths.length > 0) return Math.min(...lengths)
  if (isMistralFile)
    assume(`The context was taken to be ${mistralDefault} tokens, as vLLM does for a params.json without one.`)
  return family.defaults?.maxPositions ?? (isMistralFile ? mistralDefault : missing(text, ['max_position_embeddings']))
}

// The length that such a model states has the factor in it.
const scaledAlready = ['su', 'longrope', 'llama3']
const yarnTypes = ['yarn', 'deepseek_yarn']

function scale(config: ModelConfig, length: number): number {
  const [first] = ropeObjects(config)
  if (first === undefined) return length
  const type = findText(first, ['rope_type', 'type']) ?? (config.isMistralFile ? 'yarn' : undefined)
  if (type === undefined && !hasFactor(first)) return length
  if (type === undefined) missing(first, ['rope_type', 'type'])
  if (scaledAlready.includes(type)) return length
  const factor = findFactor(first, 'factor', largestFactor) ?? 1
  return yarnTypes.includes(type) ? originalLength(first) * factor : length * factor
}

function hasFactor(rope: ConfigObject): boolean {
  return findFactor(rope, 'factor', largestFactor) !== undefined
}

function originalLength(rope: ConfigObject): number {
  const names = ['original_max_position_embeddings']
  return findNumber(rope, names, limits.positions) ?? missing(rope, names)
}

/** Rope scaling: one object, or one for each kind of layer, of which those with a factor come first. */
function ropeObjects({ text, isMistralFile }: ModelConfig): readonly ConfigObject[] {
  const names = isMistralFile ? ['yarn'] : ['rope_scaling', 'rope_parameters']
  const objects = names.flatMap((name) => findObject(text, name) ?? []).flatMap(perLayerKind)
  return [...objects.filter(hasFactor), ...objects.filter((object) => !hasFactor(object))]
}

function perLayerKind(rope: ConfigObject): readonly ConfigObject[] {
  const entries = Object.entries(rope.values).filter(([, value]) => value !== null)
  const isPerKind = entries.length > 0 && entries.every(([, value]) => isRecord(value))
  return isPerKind ? entries.flatMap(([name]) => findObject(rope, name) ?? []) : [rope]
}
