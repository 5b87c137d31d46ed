import type { ExpertLayers } from '../model-architecture.js'
import {
  type ConfigObject,
  contradiction,
  fieldOf,
  findFlag,
  findList,
  findNumber,
  findNumbers,
  findObject,
  has,
  missing,
  needNumber,
} from './config-object.js'
import { limits } from './limits.js'
import type { ModelConfig } from './model-config.js'

/** The experts of a model, and the width of its dense layers. */
export interface FeedForward {
  /** `intermediateSize` of the architecture. */
  readonly intermediateSize: number
  /** Absent in a dense model. */
  readonly experts: ExpertLayers | undefined
}

const countNames = ['num_local_experts', 'num_experts', 'n_routed_experts', 'moe_num_experts']
const perTokenNames = [
  'num_experts_per_tok',
  'experts_per_token',
  'num_experts_per_token',
  'top_k_experts',
  'moe_top_k',
]

/** Reads the feed-forward layers: dense ones, experts, or both. */
export function readFeedForward(config: ModelConfig, layers: number, hiddenSize: number): FeedForward {
  const source = (config.isMistralFile ? findObject(config.text, 'moe') : undefined) ?? config.text
  const count = findNumber(source, countNames, limits.experts) ?? noExperts(config, source)
  if (count <= 1) return { intermediateSize: readWidth(config, hiddenSize), experts: undefined }
  const perToken = needNumber(source, perTokenNames, { least: 1, largest: count })
  const width = readExpertWidth(config, source, hiddenSize)
  const expertLayers = countExpertLayers(source, layers)
  if (expertLayers === 0)
    throw contradiction(
      fieldOf(source, 'first_k_dense_replace'),
      `There are ${count} experts, but no layer that has them.`,
    )
  const denseLayers = layers - expertLayers
  const shared = readSharedWidth(config, source, width)
  const experts: ExpertLayers = {
    count,
    perToken,
    intermediateSize: width,
    ...(shared === 0 ? {} : { sharedIntermediateSize: shared }),
    ...(denseLayers === 0 ? {} : { denseLayers }),
    ...(config.family.expertBias === true ? { biases: true } : {}),
  }
  return { intermediateSize: denseLayers === 0 ? width : readDenseWidth(config, hiddenSize), experts }
}

function noExperts({ family }: ModelConfig, source: ConfigObject): 0 {
  return family.hasExperts === true ? missing(source, countNames) : 0
}

function readWidth({ text, names, family }: ModelConfig, hiddenSize: number): number {
  const width = findNumber(text, names.intermediateSize, limits.intermediateSize)
  const factor = family.defaults?.intermediateFactor
  return width ?? (factor === undefined ? missing(text, names.intermediateSize) : factor * hiddenSize)
}

/** Llama 4 has a width of its own for the layers without experts. */
function readDenseWidth(config: ModelConfig, hiddenSize: number): number {
  return findNumber(config.text, ['intermediate_size_mlp'], limits.intermediateSize) ?? readWidth(config, hiddenSize)
}

function readExpertWidth(config: ModelConfig, source: ConfigObject, hiddenSize: number): number {
  return (
    findNumber(source, config.names.expertIntermediateSize, limits.intermediateSize) ?? readWidth(config, hiddenSize)
  )
}

const mayBeZero = { ...limits.intermediateSize, least: 0 }

function readSharedWidth(config: ModelConfig, source: ConfigObject, width: number): number {
  const { text } = config
  const stated = findNumber(text, ['shared_expert_intermediate_size', 'shared_intermediate_size'], mayBeZero)
  if (stated !== undefined) return stated
  // Llama 4 has one shared expert as wide as the others, Gemma 4 a dense network beside them.
  if (has(text, 'intermediate_size_mlp')) return width
  if (findFlag(text, ['enable_moe_block']) === true)
    return needNumber(text, config.names.intermediateSize, limits.intermediateSize)
  return (findNumber(source, ['n_shared_experts', 'num_shared_experts'], limits.experts) ?? 0) * width
}

function countExpertLayers(source: ConfigObject, layers: number): number {
  const hasExperts = expertLayerTest(source, layers)
  return Array.from({ length: layers }, (_, index) => hasExperts(index)).filter(Boolean).length
}

type LayerTest = (index: number) => boolean

/** Every family says in its own way which layers have experts; fields that are not there exclude none. */
function expertLayerTest(source: ConfigObject, layers: number): LayerTest {
  const tests = [testOfKinds(source, layers), testOfList(source), testOfFrequency(source, layers), testOfSteps(source)]
  return (index) => tests.every((test) => test(index))
}

function testOfKinds(source: ConfigObject, layers: number): LayerTest {
  const kinds = findList(source, 'mlp_layer_types')
  if (kinds === undefined) return () => true
  checkLength(source, 'mlp_layer_types', kinds, layers)
  return (index) => kinds[index] !== 'dense'
}

function testOfList(source: ConfigObject): LayerTest {
  const dense = new Set(findNumbers(source, 'mlp_only_layers', limits.layerIndex))
  const sparse = findNumbers(source, 'moe_layers', limits.layerIndex)
  return (index) => !dense.has(index) && (sparse?.includes(index) ?? true)
}

function testOfFrequency(source: ConfigObject, layers: number): LayerTest {
  const firstDense = findNumber(source, ['first_k_dense_replace'], { least: 0, largest: layers }) ?? 0
  if (Array.isArray(source.values['moe_layer_freq'])) {
    const flags = findNumbers(source, 'moe_layer_freq', { least: 0, largest: 1 }) ?? []
    checkLength(source, 'moe_layer_freq', flags, layers)
    return (index) => index >= firstDense && flags[index] === 1
  }
  const frequency = findNumber(source, ['moe_layer_freq', 'route_every_n'], limits.layers) ?? 1
  return (index) => index >= firstDense && index % frequency === 0
}

function testOfSteps(source: ConfigObject): LayerTest {
  const step = findNumber(source, ['decoder_sparse_step', 'interleave_moe_layer_step'], limits.layers) ?? 1
  return (index) => (index + 1) % step === 0
}

function checkLength(source: ConfigObject, name: string, list: readonly unknown[], layers: number): void {
  const field = fieldOf(source, name)
  if (list.length !== layers) throw contradiction(field, `${field} has ${list.length} entries for ${layers} layers.`)
}
