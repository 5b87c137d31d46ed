import { type ConfigObject, findFactor, findList, findNumber, needNumber } from '../config-object.js'
import { limits } from '../limits.js'
import { countEncoderLayers, countLinear } from './transformer-encoder.js'

/** The tower of Qwen 2 VL. */
export function countQwen2VlTower(vision: ConfigObject): number {
  const width = needNumber(vision, ['embed_dim'], limits.hiddenSize)
  const layers = countEncoderLayers({
    layers: needNumber(vision, ['depth'], limits.layers),
    hiddenSize: width,
    intermediateSize: Math.floor(width * (findFactor(vision, 'mlp_ratio', limits.heads.largest) ?? 4)),
  })
  const output = needNumber(vision, ['hidden_size'], limits.hiddenSize)
  return layers + countPatches(vision, width, false) + 2 * width + countMerger(vision, width, output)
}

/** The tower of Qwen 2.5 VL. */
export function countQwen25VlTower(vision: ConfigObject): number {
  const width = needNumber(vision, ['hidden_size'], limits.hiddenSize)
  const layers = countEncoderLayers({
    layers: needNumber(vision, ['depth'], limits.layers),
    hiddenSize: width,
    intermediateSize: needNumber(vision, ['intermediate_size'], limits.intermediateSize),
    matrices: 3,
    normVectors: 2,
  })
  const output = needNumber(vision, ['out_hidden_size'], limits.hiddenSize)
  return layers + countPatches(vision, width, false) + width + countMerger(vision, width, output)
}

/** The tower of Qwen 3 VL and Qwen 3.5. */
export function countQwen3VlTower(vision: ConfigObject): number {
  const width = needNumber(vision, ['hidden_size'], limits.hiddenSize)
  const layers = countEncoderLayers({
    layers: needNumber(vision, ['depth'], limits.layers),
    hiddenSize: width,
    intermediateSize: needNumber(vision, ['intermediate_size'], limits.intermediateSize),
  })
  const positions = needNumber(vision, ['num_position_embeddings'], limits.positions) * width
  const output = needNumber(vision, ['out_hidden_size'], limits.hiddenSize)
  const merged = countMerger(vision, width, output)
  // Mergers in the middle of the tower have a norm of the merged width.
  const deep = merged + 2 * (mergeFactor(vision) * width)
  const deepCount = findList(vision, 'deepstack_visual_indexes')?.length ?? 0
  return layers + countPatches(vision, width, true) + positions + 2 * width + merged + deepCount * deep
}

function mergeFactor(vision: ConfigObject): number {
  return (findNumber(vision, ['spatial_merge_size'], limits.heads) ?? 2) ** 2
}

function countPatches(vision: ConfigObject, width: number, biases: boolean): number {
  const patch = findNumber(vision, ['patch_size', 'spatial_patch_size'], limits.headSize) ?? 14
  const frames = findNumber(vision, ['temporal_patch_size'], limits.heads) ?? 2
  return countLinear(3 * frames * patch * patch, width, biases)
}

/** Two layers, without the norm before them. */
function countMerger(vision: ConfigObject, width: number, output: number): number {
  const merged = mergeFactor(vision) * width
  return countLinear(merged, merged) + countLinear(merged, output)
}
