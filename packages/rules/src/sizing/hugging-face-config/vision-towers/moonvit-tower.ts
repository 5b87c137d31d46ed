import { type ConfigObject, findNumber, findNumbers, needNumber } from '../config-object.js'
import { limits } from '../limits.js'
import { countEncoderLayers, countLinear } from './transformer-encoder.js'

/** MoonViT with the projector of Kimi K2.5 and K2.6. */
export function countMoonVitTower(vision: ConfigObject, hiddenSize: number): number {
  const width = needNumber(vision, ['vt_hidden_size', 'hidden_size'], limits.hiddenSize)
  const patch = findNumber(vision, ['patch_size'], limits.headSize) ?? 14
  const rows = findNumber(vision, ['init_pos_emb_height'], limits.headSize) ?? 64
  const columns = findNumber(vision, ['init_pos_emb_width'], limits.headSize) ?? 64
  const [mergeRows = 2, mergeColumns = 2] = findNumbers(vision, 'merge_kernel_size', limits.heads) ?? []
  const merged = mergeRows * mergeColumns * width
  const layers = countEncoderLayers({
    layers: needNumber(vision, ['vt_num_hidden_layers', 'num_hidden_layers'], limits.layers),
    hiddenSize: width,
    intermediateSize: needNumber(vision, ['vt_intermediate_size', 'intermediate_size'], limits.intermediateSize),
  })
  const projector = 2 * width + countLinear(merged, merged) + countLinear(merged, hiddenSize)
  return layers + countLinear(3 * patch * patch, width) + rows * columns * width + 2 * width + projector
}
