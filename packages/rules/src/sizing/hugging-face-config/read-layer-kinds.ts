import type { LinearAttention } from '../model-architecture.js'
import {
  contradiction,
  fieldOf,
  findFlag,
  findList,
  findNumber,
  invalid,
  missing,
  needNumber,
} from './config-object.js'
import { limits } from './limits.js'
import type { ModelConfig } from './model-config.js'

/** How many layers attend in which way; the rest see the whole context. */
export interface LayerKinds {
  /** Layers with a sliding window or in chunks. */
  readonly windowLayers: number
  /** Tokens that those look back; 0 where there are none. */
  readonly windowTokens: number
  /** Layers with linear attention. */
  readonly linearLayers: number
}

const windowKinds = ['sliding_attention', 'chunked_attention']
const fullKinds = ['full_attention', 'global_attention', 'attention', 'deepseek_sparse_attention']

/** Reads which layers have a window and which have linear attention. */
export function readLayerKinds(config: ModelConfig, layers: number): LayerKinds {
  const { windowLayers, linearLayers } = countLayerKinds(config, layers)
  const windowTokens = windowLayers === 0 ? 0 : (findWindow(config) ?? missing(config.text, windowFields))
  return { windowLayers, windowTokens, linearLayers }
}

const windowFields = ['sliding_window', 'attention_chunk_size']

function countLayerKinds(config: ModelConfig, layers: number): Omit<LayerKinds, 'windowTokens'> {
  const { text, family } = config
  const listed = config.isMistralFile ? undefined : findList(text, 'layer_types')
  if (listed !== undefined) return countListed(config, listed, layers)
  const fullEvery = findNumber(text, ['full_attention_interval'], limits.layers)
  if (family.gatedAttention === true)
    return { windowLayers: 0, linearLayers: layers - Math.floor(layers / (fullEvery ?? 4)) }
  return { windowLayers: countWindowLayers(config, layers), linearLayers: 0 }
}

function countListed(
  { text }: ModelConfig,
  listed: readonly unknown[],
  layers: number,
): Omit<LayerKinds, 'windowTokens'> {
  const field = fieldOf(text, 'layer_types')
  if (listed.length !== layers)
    throw contradiction(field, `${field} has ${listed.length} entries for ${layers} layers.`)
  const count = (kinds: readonly string[]) =>
    listed.filter((kind) => typeof kind === 'string' && kinds.includes(kind)).length
  const [windowLayers, linearLayers, fullLayers] = [count(windowKinds), count(['linear_attention']), count(fullKinds)]
  if (windowLayers + linearLayers + fullLayers === layers) return { windowLayers, linearLayers }
  const known = [...windowKinds, ...fullKinds, 'linear_attention']
  const odd = listed.findIndex((kind) => typeof kind !== 'string' || !known.includes(kind))
  throw invalid(`${field}[${odd}]`, listed[odd], `one of ${known.join(', ')}`)
}

function countWindowLayers(config: ModelConfig, layers: number): number {
  const { text, family, isKnown } = config
  const pattern = mistralPattern(config)
  if (pattern !== undefined) return (layers / pattern.length) * pattern.filter((tokens) => tokens !== null).length
  if (findWindow(config) === undefined) return noWindow(config)
  const useWindow = findFlag(text, ['use_sliding_window']) ?? family.windowNeedsFlag !== true
  if (!useWindow) return 0
  const fullAtFirst = findNumber(text, ['max_window_layers'], { least: 0, largest: limits.layers.largest })
  if (family.windowNeedsFlag === true) return Math.max(0, layers - (fullAtFirst ?? 0))
  const fullEvery = findNumber(text, patternFields, limits.layers) ?? family.fullAttentionEvery
  if (fullEvery !== undefined) return layers - Math.floor(layers / fullEvery)
  if (!isKnown)
    config.assume(`Every layer was taken to have the sliding window, as ${fieldOf(text, 'layer_types')} is not there.`)
  return layers
}

/** A family whose layers differ has a window, unless the file says that there is none. */
function noWindow({ text, family }: ModelConfig): 0 {
  const isSaid = windowFields.some((name) => Object.hasOwn(text.values, name))
  return isSaid || family.fullAttentionEvery === undefined ? 0 : missing(text, windowFields)
}

const patternFields = ['sliding_window_pattern', '_sliding_window_pattern', 'no_rope_layer_interval']

function findWindow(config: ModelConfig): number | undefined {
  const pattern = mistralPattern(config)
  if (pattern === undefined) return findNumber(config.text, windowFields, limits.positions)
  return pattern.find((tokens) => tokens !== null) ?? undefined
}

/** `params.json` may have a list: the windows of the first layers, repeated. */
function mistralPattern({ text, isMistralFile }: ModelConfig): readonly (number | null)[] | undefined {
  if (!isMistralFile || !Array.isArray(text.values['sliding_window'])) return undefined
  return findList(text, 'sliding_window')?.map((tokens, index) => {
    if (tokens === null || (typeof tokens === 'number' && Number.isInteger(tokens) && tokens > 0)) return tokens
    throw invalid(`${fieldOf(text, 'sliding_window')}[${index}]`, tokens, 'a whole number above 0 or null')
  })
}

/** The shape of the layers with linear attention. */
export function readLinearAttention({ text }: ModelConfig): LinearAttention {
  const count = (name: string) => needNumber(text, [name], limits.heads)
  const size = (name: string) => needNumber(text, [name], limits.headSize)
  return {
    keyHeads: count('linear_num_key_heads'),
    valueHeads: count('linear_num_value_heads'),
    keyHeadSize: size('linear_key_head_dim'),
    valueHeadSize: size('linear_value_head_dim'),
    convolutionSize: size('linear_conv_kernel_dim'),
  }
}
