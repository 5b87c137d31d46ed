import { type ConfigObject, findNumber, needNumber } from '../config-object.js'
import { limits } from '../limits.js'
import { countEncoderLayers, countLinear } from './transformer-encoder.js'

/** Llama 4's tower, its adapter and its projector. */
export function countLlama4Tower(vision: ConfigObject, hiddenSize: number): number {
  const width = needNumber(vision, ['hidden_size'], limits.hiddenSize)
  const wide = needNumber(vision, ['intermediate_size'], limits.intermediateSize)
  const patch = needNumber(vision, ['patch_size'], limits.headSize)
  const side = Math.floor(needNumber(vision, ['image_size'], limits.hiddenSize) / patch)
  const layers = countEncoderLayers({
    layers: needNumber(vision, ['num_hidden_layers'], limits.layers),
    hiddenSize: width,
    intermediateSize: wide,
  })
  const output = needNumber(vision, ['vision_output_dim'], limits.hiddenSize)
  const inner = findNumber(vision, ['projector_input_dim'], limits.hiddenSize) ?? output
  const outer = findNumber(vision, ['projector_output_dim'], limits.hiddenSize) ?? output
  // One position more, and one vector, for the whole picture; norms before and after the layers.
  const embeddings = countLinear(3 * patch * patch, width, false) + width + (side * side + 1) * width + 4 * width
  const adapter = countLinear(wide, inner, false) + countLinear(inner, outer, false)
  return layers + embeddings + adapter + countLinear(output, hiddenSize, false)
}
