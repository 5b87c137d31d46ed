import type { ModelArchitecture } from '../model-architecture.js'
import { decideFlag } from './decide-flag.js'
import type { ModelConfig } from './model-config.js'
import { countVisionTower } from './vision-towers/count-vision-tower.js'

/** Parameters that the members of an architecture do not tell: further norms, biases, routers' corrections, a vision tower. */
export function countOtherParameters(config: ModelConfig, architecture: ModelArchitecture): number {
  const { family, text } = config
  return (
    countNorms(config, architecture) +
    countFeedForwardBiases(config, architecture) +
    countRouterParts(config, architecture) +
    (family.further?.(architecture, text) ?? 0) +
    countVisionTower(config, architecture.hiddenSize)
  )
}

/** Those beyond two per layer and one at the end, without biases; fewer may be negative. */
function countNorms(config: ModelConfig, architecture: ModelArchitecture): number {
  const { layers, hiddenSize, attentionHeads, keyValueHeads, headSize } = architecture
  const { normsPerLayer = 2, normBias = false, queryKeyNorm } = config.family
  const further = layers * (normsPerLayer - 2) * hiddenSize
  const biases = normBias ? (layers * normsPerLayer + 1) * hiddenSize : 0
  const ofAllHeads = queryKeyNorm?.shape === 'all-heads' && decideFlag(config, queryKeyNorm.when ?? true)
  return further + biases + (ofAllHeads ? layers * (attentionHeads + keyValueHeads) * headSize : 0)
}

function countFeedForwardBiases(config: ModelConfig, architecture: ModelArchitecture): number {
  const { layers, hiddenSize, intermediateSize, feedForwardMatrices = 3, experts } = architecture
  const hasBiases = decideFlag(config, config.family.feedForwardBias ?? { field: 'mlp_bias', otherwise: false })
  const denseLayers = experts === undefined ? layers : (experts.denseLayers ?? 0)
  return hasBiases ? denseLayers * ((feedForwardMatrices - 1) * intermediateSize + hiddenSize) : 0
}

function countRouterParts(config: ModelConfig, { layers, hiddenSize, experts }: ModelArchitecture): number {
  if (experts === undefined) return 0
  const { routerCorrection = false, sharedExpertGate = false } = config.family
  const expertLayers = layers - (experts.denseLayers ?? 0)
  const corrections = decideFlag(config, routerCorrection) ? experts.count : 0
  const gate = sharedExpertGate && experts.sharedIntermediateSize !== undefined ? hiddenSize : 0
  return expertLayers * (corrections + gate)
}
