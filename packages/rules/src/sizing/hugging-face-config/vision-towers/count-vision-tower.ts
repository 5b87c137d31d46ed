import { type ConfigObject, findNumber, findObject } from '../config-object.js'
import { limits } from '../limits.js'
import type { ModelConfig } from '../model-config.js'
import { countGemma4Tower } from './gemma4-tower.js'
import { countLlama4Tower } from './llama4-tower.js'
import { countMoonVitTower } from './moonvit-tower.js'
import { countPixtralTower } from './pixtral-tower.js'
import { countQwen2VlTower, countQwen3VlTower, countQwen25VlTower } from './qwen-vl-tower.js'
import { countSiglipTower } from './siglip-tower.js'
import { countEncoderLayers, countLinear } from './transformer-encoder.js'

type TowerCounter = (vision: ConfigObject, hiddenSize: number, file: ConfigObject) => number

// By the model type of the whole file.
const towers: Readonly<Record<string, TowerCounter>> = {
  mistral3: countPixtralTower,
  gemma3: countSiglipTower,
  gemma4: countGemma4Tower,
  qwen2_vl: countQwen2VlTower,
  qwen2_5_vl: countQwen25VlTower,
  qwen3_vl: countQwen3VlTower,
  qwen3_vl_moe: countQwen3VlTower,
  qwen3_5: countQwen3VlTower,
  qwen3_5_moe: countQwen3VlTower,
  kimi_k25: countMoonVitTower,
  llama4: countLlama4Tower,
}

/** Parameters of the tower that sees images and of what joins it to the decoder; 0 for a model of text alone. */
export function countVisionTower(config: ModelConfig, hiddenSize: number): number {
  const { file, modelType, isMistralFile } = config
  const vision = findObject(file, isMistralFile ? 'vision_encoder' : 'vision_config')
  if (vision === undefined || Object.keys(vision.values).length === 0) return 0
  if (isMistralFile) return countPixtralTower(vision, hiddenSize, file)
  const count = Object.hasOwn(towers, modelType) ? towers[modelType] : undefined
  return count === undefined ? estimate(config, vision, hiddenSize) : count(vision, hiddenSize, file)
}

function estimate({ assume }: ModelConfig, vision: ConfigObject, hiddenSize: number): number {
  const layers = findNumber(vision, ['num_hidden_layers', 'depth'], limits.layers)
  const width = findNumber(vision, ['hidden_size'], limits.hiddenSize)
  if (layers === undefined || width === undefined) {
    assume('The part that sees images is left out, as its size is not in the file.')
    return 0
  }
  assume('The part that sees images was counted as a usual one, which may be some percent off.')
  const intermediateSize = findNumber(vision, ['intermediate_size'], limits.intermediateSize) ?? 4 * width
  return countEncoderLayers({ layers, hiddenSize: width, intermediateSize }) + countLinear(width, hiddenSize)
}
