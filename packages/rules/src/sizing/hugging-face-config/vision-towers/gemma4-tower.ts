import { type ConfigObject, findNumber, needNumber } from '../config-object.js'
import { limits } from '../limits.js'
import { countEncoderLayers, countLinear } from './transformer-encoder.js'

/** Gemma 4's tower and projector. */
export function countGemma4Tower(vision: ConfigObject, hiddenSize: number): number {
  const width = needNumber(vision, ['hidden_size'], limits.hiddenSize)
  const layers = needNumber(vision, ['num_hidden_layers'], limits.layers)
  const heads = needNumber(vision, ['num_attention_heads'], limits.heads)
  const headSize = findNumber(vision, ['head_dim'], limits.headSize) ?? Math.floor(width / heads)
  const patch = findNumber(vision, ['patch_size'], limits.headSize) ?? 16
  const positions = findNumber(vision, ['position_embedding_size'], limits.positions) ?? 10_240
  const encoder = countEncoderLayers({
    layers,
    hiddenSize: width,
    intermediateSize: needNumber(vision, ['intermediate_size'], limits.intermediateSize),
    matrices: 3,
    biases: false,
  })
  // Rows and columns have a table each; images are standardised by a mean and a scale.
  const embeddings = countLinear(3 * patch * patch, width, false) + 2 * positions * width + 2 * width
  return encoder + layers * 2 * headSize + embeddings + countLinear(width, hiddenSize, false)
}
