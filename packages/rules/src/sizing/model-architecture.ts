/** Number formats that weights and activations are computed in. */
export type ComputeDtype = 'bfloat16' | 'float16' | 'float32'

/** How the weights of linear layers are stored when they are not stored in the compute dtype. */
export type QuantizationMethod = 'fp8' | 'awq' | 'gptq' | 'int8' | 'int4' | 'mxfp4' | 'nvfp4' | 'bitsandbytes'

/** Everything about a model's shape that memory and speed depend on. Counts are of the whole model, on no GPU yet. */
export interface ModelArchitecture {
  /** What messages call it: a catalog id, a Hugging Face id, or the file it was read from. */
  readonly name: string
  /** `model_type` of the model's `config.json`, such as `mistral`, `mixtral`, `qwen3_moe`. */
  readonly modelType: string
  /** Decoder layers. */
  readonly layers: number
  /** Width of the residual stream. */
  readonly hiddenSize: number
  /** Width of the dense feed-forward network; of one expert when every layer has experts. */
  readonly intermediateSize: number
  /** Matrices of a feed-forward network: 3 with a gate (Llama and most others), 2 without (StarCoder 2, Falcon). Default: 3. */
  readonly feedForwardMatrices?: 2 | 3
  /** Query heads. */
  readonly attentionHeads: number
  /** Key and value heads: fewer than `attentionHeads` with grouped-query attention, 1 with multi-query attention. */
  readonly keyValueHeads: number
  /** Dimensions of one head: not always `hiddenSize / attentionHeads`. With latent attention, both parts of a query head. */
  readonly headSize: number
  /** Key and value heads of the layers without a window, where they differ from the others (Gemma 4). */
  readonly globalAttention?: GlobalAttention
  /** Multi-head latent attention (DeepSeek V2 and later, Kimi, GLM 5): one latent vector per token instead of keys and values. */
  readonly latentAttention?: LatentAttention
  /** Tokens of the vocabulary, as the embedding table has them. */
  readonly vocabularySize: number
  /** Longest context the model was made for, in tokens, after rope scaling. */
  readonly maxPositions: number
  /** Format of the published weights. */
  readonly dtype: ComputeDtype
  /** Whether the output layer is the embedding table. */
  readonly tiedEmbeddings: boolean
  /** Whether query, key and value projections have biases (Qwen 2, gpt-oss). Default: no. */
  readonly attentionBias?: boolean
  /** Whether the output projection of attention has a bias. Default: no. */
  readonly attentionOutputBias?: boolean
  /** Whether the query projection also makes a gate of its own width (Qwen 3 Next, Qwen 3.5). Default: no. */
  readonly attentionGate?: boolean
  /** Whether queries and keys are normalised per head (Qwen 3, Gemma 3). Default: no. */
  readonly queryKeyNorm?: boolean
  /** Mixture of experts. */
  readonly experts?: ExpertLayers
  /** Layers that look back only so far. */
  readonly slidingWindow?: SlidingWindow
  /** Layers with a fixed-size state instead of a cache that grows (linear attention, Mamba). Default: 0. */
  readonly linearAttentionLayers?: number
  /** Shape of those layers, where they are gated delta networks (Qwen 3 Next, Qwen 3.5). */
  readonly linearAttention?: LinearAttention
  /** How the published weights are quantised. Absent: they are in `dtype`. */
  readonly quantization?: QuantizationSettings
  /**
   * Parameters that follow from none of the above: vision tower, projector, further norms and biases. Negative where a
   * layer has fewer norms than two (Cohere). Default: 0.
   */
  readonly otherParameters?: number
  /** What had to be assumed because no source says it, in whole sentences; estimates repeat them. */
  readonly assumptions?: readonly string[]
}

/** Attention of the layers without a window, where its heads are not those of the other layers. */
export interface GlobalAttention {
  /** Key and value heads. */
  readonly keyValueHeads: number
  /** Dimensions of one head. */
  readonly headSize: number
  /** Whether one projection makes keys and values. The cache still holds both. Default: no. */
  readonly sharedProjection?: boolean
}

/** Multi-head latent attention, in the words of `config.json`. Sizes in dimensions. */
export interface LatentAttention {
  /** Width of the latent vector that the cache holds. */
  readonly kvLoraRank: number
  /** Width of the compressed queries; absent where queries are not compressed. */
  readonly queryLoraRank?: number
  /** Part of a query head and a key head without position. */
  readonly qkNopeHeadSize: number
  /** Part with position; the cache holds it once for all heads. */
  readonly qkRopeHeadSize: number
  /** Dimensions of a value head. */
  readonly valueHeadSize: number
  /** Chooses the tokens that are attended to (DeepSeek V3.2, GLM 5); it has a small key cache of its own. */
  readonly indexer?: SparseAttentionIndexer
}

/** The part of sparse attention that picks tokens. */
export interface SparseAttentionIndexer {
  /** Its query heads. */
  readonly heads: number
  /** Dimensions of one of them, and of the one key per token that is cached. */
  readonly headSize: number
}

/** The feed-forward layers of a mixture of experts. */
export interface ExpertLayers {
  /** Experts per layer. */
  readonly count: number
  /** Experts that one token passes through. */
  readonly perToken: number
  /** Width of one expert. */
  readonly intermediateSize: number
  /** Width of the experts that every token passes through, all together. Default: 0. */
  readonly sharedIntermediateSize?: number
  /** Layers that have a dense network of `intermediateSize` instead. Default: 0. */
  readonly denseLayers?: number
  /** Whether experts and router have biases (gpt-oss). Default: no. */
  readonly biases?: boolean
}

/** Sliding-window attention. */
export interface SlidingWindow {
  /** Tokens a layer looks back. */
  readonly tokens: number
  /** How many of the layers have it. */
  readonly layers: number
}

/** Gated delta networks: linear attention with a state of fixed size per sequence. */
export interface LinearAttention {
  /** Query and key heads. */
  readonly keyHeads: number
  /** Value heads. */
  readonly valueHeads: number
  /** Dimensions of a query or key head. */
  readonly keyHeadSize: number
  /** Dimensions of a value head. */
  readonly valueHeadSize: number
  /** Tokens that the short convolution in front of it sees. */
  readonly convolutionSize: number
}

/** How published weights are quantised. */
export interface QuantizationSettings {
  /** The format. */
  readonly method: QuantizationMethod
  /** Bits of one weight of a linear layer. */
  readonly bits: number
  /** Weights that share one scale; absent: one scale per tensor or channel. */
  readonly groupSize?: number
  /** Which linear layers: all of them, or those of the routed experts alone (gpt-oss, Kimi). Default: `linear`. */
  readonly appliesTo?: 'linear' | 'routed-experts'
}
