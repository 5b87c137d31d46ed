import type { ExpertLayers, LatentAttention, LinearAttention, ModelArchitecture } from './model-architecture.js'

/** How many parameters a model has, and where. */
export interface ParameterCount {
  /** All that vLLM loads. Layers for speculative decoding are not among them. */
  readonly total: number
  /** Those that one token passes through, with both tables whole: fewer than `total` in a mixture of experts. */
  readonly activePerToken: number
  /** Matrices of linear layers, which quantisation shrinks: attention, feed-forward networks, experts. */
  readonly linear: number
  /** The part of `linear` that is in routed experts; 0 without experts. */
  readonly routedExperts: number
  /** The embedding table. */
  readonly embedding: number
  /** The output layer; 0 where it is the embedding table. */
  readonly outputLayer: number
}

/** Matrices of linear layers, and whatever else there is (norms, biases, routers). */
interface Parameters {
  readonly linear: number
  readonly other: number
}

/** Counts a model's parameters from its architecture. Exact for every model of the catalog with a published exact count. */
export function countParameters(architecture: ModelArchitecture): ParameterCount {
  const { layers, hiddenSize, vocabularySize, tiedEmbeddings, experts, otherParameters = 0 } = architecture
  const attention = attentionOfAllLayers(architecture)
  const feedForward = denseOfAllLayers(architecture)
  const expertLayers = experts === undefined ? 0 : layers - (experts.denseLayers ?? 0)
  const shared = experts === undefined ? nothing : sharedOfOneLayer(architecture, experts)
  const expert = experts === undefined ? nothing : oneExpert(architecture, experts)
  const routed = expertLayers * (experts?.count ?? 0)
  const idle = expertLayers * ((experts?.count ?? 0) - (experts?.perToken ?? 0))
  const embedding = vocabularySize * hiddenSize
  const outputLayer = tiedEmbeddings ? 0 : embedding
  const routedExperts = routed * expert.linear
  const linear = attention.linear + feedForward.linear + expertLayers * shared.linear + routedExperts
  const norms = (2 * layers + 1) * hiddenSize
  const other = attention.other + expertLayers * shared.other + routed * expert.other + norms + otherParameters
  const total = linear + other + embedding + outputLayer
  const activePerToken = total - idle * (expert.linear + expert.other)
  return { total, activePerToken, linear, routedExperts, embedding, outputLayer }
}

const nothing: Parameters = { linear: 0, other: 0 }

function attentionOfAllLayers(architecture: ModelArchitecture): Parameters {
  const { layers, linearAttentionLayers = 0, linearAttention, slidingWindow, globalAttention } = architecture
  const kinds: (readonly [number, Parameters])[] = []
  if (linearAttention !== undefined)
    kinds.push([linearAttentionLayers, linearAttentionOf(architecture.hiddenSize, linearAttention)])
  const softmaxLayers = layers - linearAttentionLayers
  const globalLayers = globalAttention === undefined ? 0 : softmaxLayers - (slidingWindow?.layers ?? 0)
  kinds.push([softmaxLayers - globalLayers, attentionOf(architecture)])
  if (globalAttention !== undefined)
    kinds.push([globalLayers, headsOf(architecture, globalAttention, globalAttention.sharedProjection === true)])
  return {
    linear: kinds.reduce((sum, [count, { linear }]) => sum + count * linear, 0),
    other: kinds.reduce((sum, [count, { other }]) => sum + count * other, 0),
  }
}

function attentionOf(architecture: ModelArchitecture): Parameters {
  const { latentAttention } = architecture
  return latentAttention === undefined
    ? headsOf(architecture, architecture, false)
    : latentAttentionOf(architecture, latentAttention)
}

interface Heads {
  readonly keyValueHeads: number
  readonly headSize: number
}

function headsOf(architecture: ModelArchitecture, heads: Heads, sharedProjection: boolean): Parameters {
  const { hiddenSize, attentionHeads, attentionGate, attentionBias, attentionOutputBias, queryKeyNorm } = architecture
  const { keyValueHeads, headSize } = heads
  const queries = attentionHeads * headSize * (attentionGate === true ? 2 : 1)
  const keysAndValues = keyValueHeads * headSize * (sharedProjection ? 1 : 2)
  const output = attentionHeads * headSize
  return {
    linear: hiddenSize * (queries + keysAndValues + output),
    other:
      (attentionBias === true ? queries + keysAndValues : 0) +
      (attentionOutputBias === true ? hiddenSize : 0) +
      (queryKeyNorm === true ? 2 * headSize : 0),
  }
}

function latentAttentionOf(architecture: ModelArchitecture, latent: LatentAttention): Parameters {
  const { hiddenSize, attentionHeads } = architecture
  const { kvLoraRank, queryLoraRank, qkNopeHeadSize, qkRopeHeadSize, valueHeadSize, indexer } = latent
  const queryWidth = attentionHeads * (qkNopeHeadSize + qkRopeHeadSize)
  const queries = queryLoraRank === undefined ? hiddenSize * queryWidth : queryLoraRank * (hiddenSize + queryWidth)
  const keysAndValues =
    hiddenSize * (kvLoraRank + qkRopeHeadSize) + kvLoraRank * attentionHeads * (qkNopeHeadSize + valueHeadSize)
  const output = attentionHeads * valueHeadSize * hiddenSize
  const norms = kvLoraRank + (queryLoraRank ?? 0)
  if (indexer === undefined) return { linear: queries + keysAndValues + output, other: norms }
  const { heads, headSize } = indexer
  const choosing = (queryLoraRank ?? hiddenSize) * heads * headSize + hiddenSize * headSize
  return {
    linear: queries + keysAndValues + output + choosing,
    // A layer norm with a bias, and one weight per head that stays in the compute dtype.
    other: norms + 2 * headSize + hiddenSize * heads,
  }
}

function linearAttentionOf(hiddenSize: number, linear: LinearAttention): Parameters {
  const { keyHeads, valueHeads, keyHeadSize, valueHeadSize, convolutionSize } = linear
  const keyWidth = keyHeads * keyHeadSize
  const valueWidth = valueHeads * valueHeadSize
  return {
    // Queries, keys, values, the gate and the output; then a decay and a step size per value head.
    linear: hiddenSize * (2 * keyWidth + 3 * valueWidth) + hiddenSize * 2 * valueHeads,
    other: (2 * keyWidth + valueWidth) * convolutionSize + 2 * valueHeads + valueHeadSize,
  }
}

function denseOfAllLayers(architecture: ModelArchitecture): Parameters {
  const { layers, hiddenSize, intermediateSize, experts, feedForwardMatrices = 3 } = architecture
  const denseLayers = experts === undefined ? layers : (experts.denseLayers ?? 0)
  return { linear: denseLayers * feedForwardMatrices * hiddenSize * intermediateSize, other: 0 }
}

function oneExpert({ hiddenSize, feedForwardMatrices = 3 }: ModelArchitecture, experts: ExpertLayers): Parameters {
  const { intermediateSize, biases } = experts
  return {
    linear: feedForwardMatrices * hiddenSize * intermediateSize,
    other: biases === true ? (feedForwardMatrices - 1) * intermediateSize + hiddenSize : 0,
  }
}

function sharedOfOneLayer(architecture: ModelArchitecture, experts: ExpertLayers): Parameters {
  const { hiddenSize, feedForwardMatrices = 3 } = architecture
  const { count, sharedIntermediateSize = 0, biases } = experts
  return {
    linear: feedForwardMatrices * hiddenSize * sharedIntermediateSize,
    other: count * hiddenSize + (biases === true ? count : 0),
  }
}
