/** The names under which a kind of file has the shape of a model; several in a list mean the same. */
export interface FieldNames {
  readonly layers: readonly string[]
  readonly hiddenSize: readonly string[]
  readonly intermediateSize: readonly string[]
  readonly attentionHeads: readonly string[]
  readonly keyValueHeads: readonly string[]
  readonly headSize: readonly string[]
  readonly vocabularySize: readonly string[]
  readonly tiedEmbeddings: readonly string[]
  readonly expertIntermediateSize: readonly string[]
}

/** Names in a `config.json`: those of today first, then those of GPT-2, ChatGLM and other early models. */
export const huggingFaceNames: FieldNames = {
  layers: ['num_hidden_layers', 'n_layer', 'num_layers'],
  hiddenSize: ['hidden_size', 'n_embd'],
  intermediateSize: ['intermediate_size', 'n_inner', 'ffn_hidden_size'],
  attentionHeads: ['num_attention_heads', 'n_head'],
  keyValueHeads: ['num_key_value_heads', 'num_kv_heads', 'n_head_kv'],
  headSize: ['head_dim', 'kv_channels'],
  vocabularySize: ['vocab_size', 'padded_vocab_size'],
  tiedEmbeddings: ['tie_word_embeddings'],
  expertIntermediateSize: ['moe_intermediate_size', 'expert_intermediate_size'],
}

/** Names in Mistral's `params.json`. */
export const mistralNames: FieldNames = {
  layers: ['n_layers'],
  hiddenSize: ['dim'],
  intermediateSize: ['hidden_dim'],
  attentionHeads: ['n_heads'],
  keyValueHeads: ['n_kv_heads'],
  headSize: ['head_dim'],
  vocabularySize: ['vocab_size'],
  tiedEmbeddings: ['tied_embeddings'],
  expertIntermediateSize: ['expert_hidden_dim'],
}
