import type { MemoryCase } from './memory-case.js'
import type { PipelineStage } from './pipeline-stages.js'
import { since } from './vllm-release.js'

/**
 * How a stage's layers share the pool of blocks. Layers of one kind form groups of equal size; a block holds one page of
 * every layer of a group, and each group has its own blocks for a request.
 */
export interface KvCacheLayout {
  /** Bytes that one token takes in all layers with a cache that grows. */
  readonly bytesPerToken: number
  /** Bytes of one page: one block of one layer. */
  readonly pageBytes: number
  /** Layers of one group. */
  readonly groupSize: number
  /** Tokens of a block of layers that look back without limit. */
  readonly blockSize: number
  /** Tokens of a block of layers with a window. */
  readonly windowBlockSize: number
  /** Tokens a window layer keeps for one request at most; absent without such layers or where they keep everything. */
  readonly windowTokens: number | undefined
  /** Groups of layers that look back without limit. */
  readonly fullGroups: number
  /** Groups of layers with a window. */
  readonly windowGroups: number
  /** Groups of layers with a fixed-size state. */
  readonly stateGroups: number
  /** The layers themselves, for what one request needs. */
  readonly stage: PipelineStage
}

/** The layout of a stage. */
export function kvCacheLayout(question: MemoryCase, stage: PipelineStage): KvCacheLayout {
  const { architecture, blockSize } = question
  const keepsWindowsApart = question.engine === 'v1' && question.release.number >= since.v1WithoutContext
  const windowLayers = keepsWindowsApart || isAllWindow(question, stage) ? stage.slidingWindowLayers : 0
  const fullLayers = stage.fullAttentionLayers + stage.slidingWindowLayers - windowLayers
  const windowBytes = headBytes(question, architecture)
  const fullBytes =
    architecture.globalAttention === undefined ? windowBytes : headBytes(question, architecture.globalAttention)
  const pageBytes = pageBytesOf({ blockSize, windowBytes, fullBytes, stateBytes: stateBytes(question, stage) })
  const groupSize = groupSizeOf([fullLayers, windowLayers, stage.linearAttentionLayers])
  return {
    bytesPerToken: stage.fullAttentionLayers * fullBytes + stage.slidingWindowLayers * windowBytes,
    pageBytes,
    groupSize,
    blockSize: Math.floor(pageBytes / fullBytes),
    windowBlockSize: Math.floor(pageBytes / windowBytes),
    windowTokens: windowLayers === 0 ? undefined : windowTokensOf(question),
    fullGroups: Math.ceil(fullLayers / groupSize),
    windowGroups: Math.ceil(windowLayers / groupSize),
    stateGroups: Math.ceil(stage.linearAttentionLayers / groupSize),
    stage,
  }
}

// V1 always drops what lies behind the window of a model that has no other layers.
function isAllWindow({ engine }: MemoryCase, stage: PipelineStage): boolean {
  return engine === 'v1' && stage.slidingWindowLayers === stage.layers
}

interface Heads {
  readonly keyValueHeads: number
  readonly headSize: number
}

/** Bytes of one token in one layer on one GPU. */
function headBytes({ architecture, kvCacheDtype, dtypeBytes, tensorParallelSize }: MemoryCase, heads: Heads): number {
  const bytes = kvCacheDtype === 'fp8' ? 1 : dtypeBytes
  const { latentAttention } = architecture
  if (latentAttention === undefined)
    return 2 * Math.max(1, heads.keyValueHeads / tensorParallelSize) * heads.headSize * bytes
  const { kvLoraRank, qkRopeHeadSize, indexer } = latentAttention
  // The latent vector is not split; the indexer keeps one 8-bit key per token, with a 32-bit scale per 128 values.
  const index = indexer === undefined ? 0 : indexer.headSize + (4 * indexer.headSize) / 128
  return (kvLoraRank + qkRopeHeadSize) * bytes + index
}

/** Bytes of the state of one layer for one request: the convolution's last inputs and the recurrent matrix. */
function stateBytes({ architecture, dtypeBytes, tensorParallelSize }: MemoryCase, stage: PipelineStage): number {
  const { linearAttention, modelType } = architecture
  if (linearAttention === undefined || stage.linearAttentionLayers === 0) return 0
  const { keyHeads, valueHeads, keyHeadSize, valueHeadSize, convolutionSize } = linearAttention
  const channels = 2 * keyHeads * keyHeadSize + valueHeads * valueHeadSize
  // Qwen 3.5 and later keep the matrix in float32.
  const matrixBytes = modelType.startsWith('qwen3_5') ? 4 : dtypeBytes
  const convolution = channels * (convolutionSize - 1) * dtypeBytes
  return (convolution + valueHeads * keyHeadSize * valueHeadSize * matrixBytes) / tensorParallelSize
}

interface Pages {
  readonly blockSize: number
  readonly windowBytes: number
  readonly fullBytes: number
  readonly stateBytes: number
}

/** Pages of all kinds have one size: blocks of layers with less per token, and with a state beside them, get longer. */
function pageBytesOf({ blockSize, windowBytes, fullBytes, stateBytes: state }: Pages): number {
  const page = blockSize * Math.max(windowBytes, fullBytes)
  return state <= page ? page : Math.ceil(state / page) * page
}

// A group may be padded by a quarter before the layers are split into more groups.
const padding = 1.25

function groupSizeOf(counts: readonly [number, number, number]): number {
  let least = Number.POSITIVE_INFINITY
  let largest = 1
  for (const count of counts) {
    if (count > 0 && count < least) least = count
    if (count > largest) largest = count
  }
  return largest < least * padding ? largest : least
}

function windowTokensOf({ architecture, maxNumBatchedTokens }: MemoryCase): number {
  return (architecture.slidingWindow?.tokens ?? 0) - 1 + maxNumBatchedTokens
}

/** Blocks of the pool that one request of this length takes. */
export function blocksPerRequest(layout: KvCacheLayout, tokens: number): number {
  return (
    layout.fullGroups * Math.ceil(tokens / layout.blockSize) +
    layout.windowGroups * windowBlocks(layout, tokens) +
    layout.stateGroups
  )
}

function windowBlocks({ windowTokens, windowBlockSize }: KvCacheLayout, tokens: number): number {
  // The window may start in the middle of a block.
  return Math.ceil(Math.min(windowTokens ?? tokens, tokens) / windowBlockSize) + 1
}

/** Bytes that one request of this length needs, as vLLM checks it at start: layer by layer, without padding of groups. */
export function bytesPerRequest(layout: KvCacheLayout, tokens: number): number {
  const { stage, pageBytes, windowTokens, blockSize } = layout
  const windowLayers = windowTokens === undefined ? 0 : stage.slidingWindowLayers
  const fullLayers = stage.layers - stage.linearAttentionLayers - windowLayers
  const pages =
    fullLayers * Math.ceil(tokens / blockSize) +
    windowLayers * windowBlocks(layout, tokens) +
    stage.linearAttentionLayers
  return pages * pageBytes
}

/** Blocks of the pool that fit into so many bytes. */
export function blocksIn({ pageBytes, groupSize }: KvCacheLayout, bytes: number): number {
  return Math.max(0, Math.floor(bytes / (pageBytes * groupSize)))
}
