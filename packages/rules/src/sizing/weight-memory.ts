import type { MemoryCase } from './memory-case.js'
import type { ModelArchitecture, QuantizationSettings } from './model-architecture.js'
import type { PipelineStage } from './pipeline-stages.js'
import { groupWidth, paddedVocabulary } from './tensor-parallel.js'

/** Parameters on one GPU: matrices that quantisation shrinks, and all others. */
interface Share {
  readonly linear: number
  readonly other: number
}

/** Bytes that vLLM prints as "Model loading took", on one GPU of a pipeline stage. */
export function weightBytes(question: MemoryCase, stage: PipelineStage): number {
  const { architecture, quantization, dtypeBytes, tensorParallelSize: size } = question
  const attention = attentionShare(architecture, stage, size)
  const dense = denseShare(architecture, stage, size)
  const experts = expertBytes(question, stage)
  const linear = attention.linear + dense.linear + experts.sharedLinear
  const linearBytes = linear * (quantizesAll(quantization) ? bytesPerWeight(quantization) : dtypeBytes)
  const other = attention.other + dense.other + experts.other + vocabularyShare(architecture, stage, size)
  return linearBytes + experts.routedBytes + other * dtypeBytes + rotaryTableBytes(architecture, dtypeBytes)
}

function quantizesAll(quantization: QuantizationSettings | undefined): quantization is QuantizationSettings {
  return quantization !== undefined && quantization.appliesTo !== 'routed-experts'
}

/** Bytes of one weight, with its part of the scales and zero points. */
function bytesPerWeight(quantization: QuantizationSettings): number {
  const { method, bits, groupSize } = quantization
  switch (method) {
    case 'fp8':
      // One 32-bit scale for a square of weights.
      return 1 + (groupSize === undefined ? 0 : 4 / (groupWidth(quantization) ?? 1) ** 2)
    case 'int8':
      return 1
    case 'mxfp4':
      return bits / 8 + 1 / (groupSize ?? 32)
    case 'nvfp4':
      return bits / 8 + 1 / (groupSize ?? 16)
    case 'bitsandbytes':
      // 8-bit scales of blocks of weights, themselves quantised.
      return bits / 8 + 1 / (groupSize ?? 64)
    case 'awq':
      return bits / 8 + (2 + bits / 8) / (groupSize ?? 128)
    default:
      return bits / 8 + 2 / (groupSize ?? 128)
  }
}

function attentionShare(architecture: ModelArchitecture, stage: PipelineStage, size: number): Share {
  const { globalAttention, latentAttention, hiddenSize } = architecture
  const windowless = stage.fullAttentionLayers
  const usual =
    latentAttention === undefined ? headShare(architecture, architecture, size) : latentShare(architecture, size)
  const full = globalAttention === undefined ? usual : headShare(architecture, globalAttention, size)
  const fixed = linearAttentionShare(architecture, size)
  const norms = (2 * stage.layers + (stage.isLast ? 1 : 0)) * hiddenSize
  return {
    linear:
      windowless * full.linear + stage.slidingWindowLayers * usual.linear + stage.linearAttentionLayers * fixed.linear,
    other:
      windowless * full.other +
      stage.slidingWindowLayers * usual.other +
      stage.linearAttentionLayers * fixed.other +
      norms,
  }
}

interface Heads {
  readonly keyValueHeads: number
  readonly headSize: number
  readonly sharedProjection?: boolean
}

function headShare(architecture: ModelArchitecture, heads: Heads, size: number): Share {
  const { hiddenSize, attentionHeads, attentionGate, attentionBias, attentionOutputBias, queryKeyNorm } = architecture
  const output = (attentionHeads / size) * heads.headSize
  const queries = output * (attentionGate === true ? 2 : 1)
  // Key and value heads that are too few to split are repeated.
  const keys = Math.max(1, heads.keyValueHeads / size) * heads.headSize
  const keysAndValues = keys * (heads.sharedProjection === true ? 1 : 2)
  return {
    linear: hiddenSize * (queries + keysAndValues + output),
    other:
      (attentionBias === true ? queries + keysAndValues : 0) +
      (attentionOutputBias === true ? hiddenSize : 0) +
      (queryKeyNorm === true ? 2 * heads.headSize : 0),
  }
}

function latentShare({ hiddenSize, attentionHeads, latentAttention }: ModelArchitecture, size: number): Share {
  if (latentAttention === undefined) return { linear: 0, other: 0 }
  const { kvLoraRank, queryLoraRank, qkNopeHeadSize, qkRopeHeadSize, valueHeadSize, indexer } = latentAttention
  const heads = attentionHeads / size
  const queryWidth = heads * (qkNopeHeadSize + qkRopeHeadSize)
  const queries = queryLoraRank === undefined ? hiddenSize * queryWidth : queryLoraRank * (hiddenSize + queryWidth)
  const decompression = kvLoraRank * heads * (qkNopeHeadSize + valueHeadSize)
  const linear =
    queries + hiddenSize * (kvLoraRank + qkRopeHeadSize) + decompression + heads * valueHeadSize * hiddenSize
  // The decompression is kept a second time, in the compute dtype, in the form decoding needs.
  const other = decompression + kvLoraRank + (queryLoraRank ?? 0)
  if (indexer === undefined) return { linear, other }
  const choosing = (queryLoraRank ?? hiddenSize) * indexer.heads * indexer.headSize + hiddenSize * indexer.headSize
  return { linear: linear + choosing, other: other + hiddenSize * indexer.heads }
}

function linearAttentionShare({ hiddenSize, linearAttention }: ModelArchitecture, size: number): Share {
  if (linearAttention === undefined) return { linear: 0, other: 0 }
  const { keyHeads, valueHeads, keyHeadSize, valueHeadSize, convolutionSize } = linearAttention
  const keyWidth = keyHeads * keyHeadSize
  const valueWidth = valueHeads * valueHeadSize
  return {
    linear: (hiddenSize * (2 * keyWidth + 3 * valueWidth + 2 * valueHeads)) / size,
    other: ((2 * keyWidth + valueWidth) * convolutionSize + 2 * valueHeads) / size + valueHeadSize,
  }
}

function denseShare(architecture: ModelArchitecture, stage: PipelineStage, size: number): Share {
  const { hiddenSize, intermediateSize, feedForwardMatrices = 3, otherParameters = 0 } = architecture
  const denseLayers = stage.layers - (architecture.experts === undefined ? 0 : stage.expertLayers)
  return {
    linear: (denseLayers * feedForwardMatrices * hiddenSize * intermediateSize) / size,
    other: stage.isFirst ? otherParameters / size : 0,
  }
}

interface ExpertBytes {
  readonly routedBytes: number
  readonly sharedLinear: number
  readonly other: number
}

const noExperts: ExpertBytes = { routedBytes: 0, sharedLinear: 0, other: 0 }

function expertBytes(question: MemoryCase, { expertLayers }: PipelineStage): ExpertBytes {
  const { architecture, quantization, dtypeBytes, tensorParallelSize: size, expertParallel } = question
  const { hiddenSize, experts, feedForwardMatrices = 3 } = architecture
  if (experts === undefined) return noExperts
  const { count, intermediateSize, sharedIntermediateSize = 0, biases } = experts
  const width = expertParallel ? intermediateSize : intermediateSize / size
  const held = expertParallel ? Math.ceil(count / size) : count
  const shape = quantization?.method === 'mxfp4' ? padded(hiddenSize, width) : hiddenSize * width
  const perWeight = quantization === undefined ? dtypeBytes : bytesPerWeight(quantization)
  const biasesOfOne = biases === true ? (feedForwardMatrices - 1) * width + hiddenSize : 0
  return {
    routedBytes: expertLayers * held * (feedForwardMatrices * shape * perWeight + biasesOfOne * dtypeBytes),
    sharedLinear: (expertLayers * feedForwardMatrices * hiddenSize * sharedIntermediateSize) / size,
    // The router stays whole and in the compute dtype.
    other: expertLayers * count * (hiddenSize + (biases === true ? 1 : 0)),
  }
}

// The MXFP4 kernels take widths in multiples of 256 and 128.
function padded(hiddenSize: number, width: number): number {
  return Math.ceil(hiddenSize / 256) * 256 * Math.ceil(width / 128) * 128
}

function vocabularyShare(architecture: ModelArchitecture, { isFirst, isLast }: PipelineStage, size: number): number {
  const table = (paddedVocabulary(architecture) * architecture.hiddenSize) / size
  const isShared = architecture.tiedEmbeddings && isFirst && isLast
  return (isFirst ? table : 0) + (isLast && !isShared ? table : 0)
}

// Gemma 3 was trained for an eighth of its positions in the layers without a window, and scales them linearly.
const gemma3Scaling = 8
const gemma3LongContext = 131_072

/** The table of sines and cosines, one for all layers that share its base. */
function rotaryTableBytes(architecture: ModelArchitecture, dtypeBytes: number): number {
  const { modelType, maxPositions, headSize, globalAttention, latentAttention } = architecture
  const width = latentAttention?.qkRopeHeadSize ?? headSize
  const table = maxPositions * width * dtypeBytes
  if (modelType.startsWith('gemma3')) return table + table * (maxPositions >= gemma3LongContext ? gemma3Scaling : 1)
  return globalAttention === undefined ? table : table + maxPositions * globalAttention.headSize * dtypeBytes
}
