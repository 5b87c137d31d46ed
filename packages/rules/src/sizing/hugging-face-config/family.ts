import type { ModelArchitecture } from '../model-architecture.js'
import type { ConfigObject } from './config-object.js'

/** A yes or no that a field of the file decides. */
export interface FlagField {
  /** The field. */
  readonly field: string
  /** The answer where the file does not have it. */
  readonly otherwise: boolean
}

/** Normalisation of queries and keys: each head with the same weights, or all heads of a layer together. */
interface QueryKeyNorm {
  readonly shape: 'per-head' | 'all-heads'
  /** Default: always. */
  readonly when?: FlagField
}

/** Values that a family's own code fills in when the file leaves them out. */
interface FamilyDefaults {
  readonly attentionHeads?: number
  readonly keyValueHeads?: number
  readonly headSize?: number
  readonly vocabularySize?: number
  readonly maxPositions?: number
  /** Width of the feed-forward network as a multiple of the hidden size. */
  readonly intermediateFactor?: number
}

/**
 * How a family of models differs from a Llama-like decoder. Default for what is absent: a gated feed-forward network,
 * two norms without biases per layer, biases where `attention_bias` and `mlp_bias` say so, and every layer has the window
 * if there is one.
 */
export interface Family {
  /** Whether the output layer is the embedding table where `tie_word_embeddings` is absent. Absent: the file has to say. */
  readonly tiedEmbeddings?: boolean
  /** What the file may leave out. */
  readonly defaults?: FamilyDefaults
  /** Whether every query head has its own key and value head when the file does not say. Otherwise it has to. */
  readonly isMultiHead?: boolean
  /** Whether its models always have experts, so that a file without them is incomplete. */
  readonly hasExperts?: boolean
  /** Whether its models always have latent attention. */
  readonly hasLatentAttention?: boolean
  /** Biases of the query, key and value projections. */
  readonly queryBias?: boolean | FlagField
  /** Bias of the output projection of attention. */
  readonly outputBias?: boolean | FlagField
  /** Biases of the feed-forward network. */
  readonly feedForwardBias?: boolean | FlagField
  /** Matrices of the feed-forward network. */
  readonly feedForwardMatrices?: 2 | 3
  /** Norms of one layer, those of queries and keys left out. */
  readonly normsPerLayer?: number
  /** Whether norms have a bias as well as a weight. */
  readonly normBias?: boolean
  /** Norms of queries and keys. */
  readonly queryKeyNorm?: QueryKeyNorm
  /** Whether queries come with a gate; linear attention in the other layers. */
  readonly gatedAttention?: boolean
  /** Every n-th layer sees the whole context, the others have the window. */
  readonly fullAttentionEvery?: number
  /** Whether the window counts only with `use_sliding_window: true`. */
  readonly windowNeedsFlag?: boolean
  /** Whether experts and router have biases. */
  readonly expertBias?: boolean
  /** Whether the router has a correction per expert. */
  readonly routerCorrection?: boolean | FlagField
  /** Whether the shared expert has a gate: one row of the hidden size. */
  readonly sharedExpertGate?: boolean
  /** Parameters that nothing above describes. */
  readonly further?: (architecture: ModelArchitecture, text: ConfigObject) => number
}
