import { type ConfigObject, findFlag, findNumber, needNumber } from '../config-object.js'
import { limits } from '../limits.js'
import { countEncoderLayers, countLinear } from './transformer-encoder.js'

/** Pixtral's tower and its projector (Mistral Small 3.1 and later, Mistral Medium 3.5). */
export function countPixtralTower(vision: ConfigObject, hiddenSize: number, file: ConfigObject): number {
  const width = needNumber(vision, ['hidden_size'], limits.hiddenSize)
  const patch = needNumber(vision, ['patch_size'], limits.headSize)
  const merge =
    findNumber(file, ['spatial_merge_size'], limits.heads) ??
    findNumber(vision, ['spatial_merge_size'], limits.heads) ??
    2
  const biases = findFlag(file, ['multimodal_projector_bias']) ?? findFlag(vision, ['adapter_bias']) ?? false
  const layers = countEncoderLayers({
    layers: needNumber(vision, ['num_hidden_layers'], limits.layers),
    hiddenSize: width,
    intermediateSize: needNumber(vision, ['intermediate_size'], limits.intermediateSize),
    matrices: 3,
    biases: false,
    normVectors: 2,
  })
  const patches = countLinear(3 * patch * patch, width, false) + width
  const merger = width + countLinear(merge * merge * width, width, false)
  return (
    layers + patches + merger + countLinear(width, hiddenSize, biases) + countLinear(hiddenSize, hiddenSize, biases)
  )
}
