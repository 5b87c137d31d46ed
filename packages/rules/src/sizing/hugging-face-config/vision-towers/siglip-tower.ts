import { type ConfigObject, needNumber } from '../config-object.js'
import { limits } from '../limits.js'
import { countEncoderLayers, countLinear } from './transformer-encoder.js'

/** SigLIP with Gemma 3's projector. */
export function countSiglipTower(vision: ConfigObject, hiddenSize: number): number {
  const width = needNumber(vision, ['hidden_size'], limits.hiddenSize)
  const patch = needNumber(vision, ['patch_size'], limits.headSize)
  const side = Math.floor(needNumber(vision, ['image_size'], limits.hiddenSize) / patch)
  const layers = countEncoderLayers({
    layers: needNumber(vision, ['num_hidden_layers'], limits.layers),
    hiddenSize: width,
    intermediateSize: needNumber(vision, ['intermediate_size'], limits.intermediateSize),
  })
  const positions = side * side * width
  const projector = countLinear(width, hiddenSize, false) + width
  return layers + countLinear(3 * patch * patch, width) + positions + 2 * width + projector
}
