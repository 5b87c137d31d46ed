import type { ModelArchitecture } from './model-architecture.js'

/** The layers that one group of GPUs holds. */
export interface PipelineStage {
  /** Decoder layers. */
  readonly layers: number
  /** Those of them without a window and without a fixed-size state. */
  readonly fullAttentionLayers: number
  /** Those with a sliding window. */
  readonly slidingWindowLayers: number
  /** Those with a fixed-size state. */
  readonly linearAttentionLayers: number
  /** Those with experts. */
  readonly expertLayers: number
  /** Whether it holds the embedding table. */
  readonly isFirst: boolean
  /** Whether it holds the output layer and samples. */
  readonly isLast: boolean
}

/**
 * The groups that differ from one another, in order: with one group all of the model. vLLM gives every group as many
 * layers, and those that are over to the groups before the last. More groups than layers are refused elsewhere; the
 * groups are then those of as many as there are layers, for one without a layer has no cache to count.
 */
export function pipelineStages(architecture: ModelArchitecture, wantedGroups: number): readonly PipelineStage[] {
  const { layers } = architecture
  const groups = Math.min(wantedGroups, layers)
  if (groups === 1) return [stageOf(architecture, layers, 0, 1)]
  const least = Math.floor(layers / groups)
  const larger = layers % groups
  const hasMore = (index: number) => index >= groups - 1 - larger && index < groups - 1
  const count = (index: number) => least + (hasMore(index) ? 1 : 0)
  // In between, only the larger groups can be the fullest, and they are all alike.
  const chosen = [...new Set([0, Math.max(1, groups - 2), groups - 1])].filter((index) => index < groups)
  return chosen.map((index) => stageOf(architecture, count(index), index, groups))
}

function stageOf(architecture: ModelArchitecture, layers: number, index: number, groups: number): PipelineStage {
  const { slidingWindow, linearAttentionLayers = 0, experts } = architecture
  const share = layers / architecture.layers
  // Kinds of layers alternate, so every group has its share of each.
  const slidingWindowLayers = Math.round((slidingWindow?.layers ?? 0) * share)
  const linear = Math.round(linearAttentionLayers * share)
  const dense = experts === undefined ? layers : index === 0 ? Math.min(layers, experts.denseLayers ?? 0) : 0
  return {
    layers,
    fullAttentionLayers: layers - slidingWindowLayers - linear,
    slidingWindowLayers,
    linearAttentionLayers: linear,
    expertLayers: layers - dense,
    isFirst: index === 0,
    isLast: index === groups - 1,
  }
}
