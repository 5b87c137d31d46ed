import type { GlobalAttention, ModelArchitecture } from '../model-architecture.js'
import { findFlag, findNumber, missing, needNumber } from './config-object.js'
import { countOtherParameters } from './count-other-parameters.js'
import { decideFlag } from './decide-flag.js'
import { limits } from './limits.js'
import type { ModelConfig } from './model-config.js'
import { readDtype } from './read-dtype.js'
import { readFeedForward } from './read-experts.js'
import { type Heads, readHeads } from './read-heads.js'
import { readLatentAttention } from './read-latent-attention.js'
import { readLayerKinds, readLinearAttention } from './read-layer-kinds.js'
import { readMaxPositions } from './read-max-positions.js'
import { readQuantization } from './read-quantization.js'

/** Reads everything about a model's shape. Throws a `HuggingFaceConfigError` that names the field it cannot read. */
export function buildArchitecture(config: ModelConfig, name: string): ModelArchitecture {
  const { text, names, family } = config
  const layers = needNumber(text, names.layers, limits.layers)
  const hiddenSize = needNumber(text, names.hiddenSize, limits.hiddenSize)
  const maxPositions = readMaxPositions(config)
  const feedForward = readFeedForward(config, layers, hiddenSize)
  const architecture = withoutUndefined<ModelArchitecture>({
    name,
    modelType: config.modelType,
    layers,
    hiddenSize,
    intermediateSize: feedForward.intermediateSize,
    feedForwardMatrices: family.feedForwardMatrices,
    ...readAttention(config, { layers, hiddenSize, maxPositions }),
    vocabularySize: readVocabularySize(config),
    maxPositions,
    dtype: readDtype(config),
    tiedEmbeddings: readTiedEmbeddings(config),
    experts: feedForward.experts,
    quantization: readQuantization(config, layers, feedForward.experts !== undefined),
  })
  const otherParameters = countOtherParameters(config, architecture)
  return otherParameters === 0 ? architecture : { ...architecture, otherParameters }
}

type AttentionMembers = Heads &
  Pick<
    Optional<ModelArchitecture>,
    | 'globalAttention'
    | 'latentAttention'
    | 'attentionBias'
    | 'attentionOutputBias'
    | 'attentionGate'
    | 'queryKeyNorm'
    | 'slidingWindow'
    | 'linearAttentionLayers'
    | 'linearAttention'
  >

type Shape = Pick<ModelArchitecture, 'layers' | 'hiddenSize' | 'maxPositions'>

function readAttention(config: ModelConfig, { layers, hiddenSize, maxPositions }: Shape): AttentionMembers {
  const { family } = config
  const latentAttention = readLatentAttention(config)
  const heads = readHeads(config, hiddenSize, latentAttention)
  const { windowLayers, windowTokens, linearLayers } = readLayerKinds(config, layers)
  const { queryKeyNorm, gatedAttention } = family
  return {
    ...heads,
    globalAttention: readGlobalAttention(config, heads),
    latentAttention,
    attentionBias: decideFlag(config, family.queryBias ?? attentionBias) || undefined,
    attentionOutputBias: decideFlag(config, family.outputBias ?? attentionBias) || undefined,
    attentionGate: decideFlag(config, gatedAttention === true ? attentionGate : false) || undefined,
    queryKeyNorm: (queryKeyNorm?.shape === 'per-head' && decideFlag(config, queryKeyNorm.when ?? true)) || undefined,
    // A window as long as the context is none.
    slidingWindow:
      windowLayers === 0 || windowTokens >= maxPositions ? undefined : { tokens: windowTokens, layers: windowLayers },
    linearAttentionLayers: linearLayers === 0 ? undefined : linearLayers,
    linearAttention: linearLayers === 0 ? undefined : readLinearAttention(config),
  }
}

const attentionBias = { field: 'attention_bias', otherwise: false }
const attentionGate = { field: 'attn_output_gate', otherwise: true }

function readGlobalAttention({ text }: ModelConfig, { keyValueHeads, headSize }: Heads): GlobalAttention | undefined {
  const globalHeadSize = findNumber(text, ['global_head_dim'], limits.headSize)
  const globalHeads = findNumber(text, ['num_global_key_value_heads'], limits.heads)
  const isShared = findFlag(text, ['attention_k_eq_v']) === true
  if (globalHeadSize === undefined && globalHeads === undefined && !isShared) return undefined
  return {
    keyValueHeads: globalHeads ?? keyValueHeads,
    headSize: globalHeadSize ?? headSize,
    ...(isShared ? { sharedProjection: true } : {}),
  }
}

function readVocabularySize({ text, file, names, family }: ModelConfig): number {
  return (
    findNumber(text, names.vocabularySize, limits.vocabularySize) ??
    findNumber(file, names.vocabularySize, limits.vocabularySize) ??
    family.defaults?.vocabularySize ??
    missing(text, names.vocabularySize)
  )
}

function readTiedEmbeddings({ text, file, names, family }: ModelConfig): boolean {
  const inner = findFlag(text, names.tiedEmbeddings)
  const outer = findFlag(file, names.tiedEmbeddings)
  return inner ?? outer ?? family.tiedEmbeddings ?? missing(text, names.tiedEmbeddings)
}

type Optional<Type> = { readonly [Name in keyof Type]: Type[Name] | undefined }

function withoutUndefined<Type extends object>(members: Optional<Type>): Type {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Type
}
