import { findFlag } from './config-object.js'
import type { Family, FlagField } from './family.js'

const by = (field: string, otherwise = false): FlagField => ({ field, otherwise })

const plain: Family = { tiedEmbeddings: false }
const llama: Family = { ...plain, isMultiHead: true }
const qwen2: Family = { tiedEmbeddings: false, queryBias: true, outputBias: false, windowNeedsFlag: true }
const qwen3: Family = {
  tiedEmbeddings: false,
  defaults: { headSize: 128 },
  queryKeyNorm: { shape: 'per-head' },
  windowNeedsFlag: true,
}
const qwen3Next: Family = { ...qwen3, defaults: { headSize: 256 }, gatedAttention: true, sharedExpertGate: true }
const deepseekV2: Family = { ...plain, hasExperts: true, hasLatentAttention: true }
const deepseekV3: Family = { ...deepseekV2, routerCorrection: true }
const olmo: Family = { ...llama, queryKeyNorm: { shape: 'all-heads' } }
const gemma: Family = { tiedEmbeddings: true, defaults: { headSize: 256 } }
const glm: Family = { tiedEmbeddings: false, outputBias: false }
const cohere: Family = {
  isMultiHead: true,
  tiedEmbeddings: true,
  normsPerLayer: 1,
  queryKeyNorm: { shape: 'all-heads', when: by('use_qk_norm') },
}
const gpt2: Family = {
  isMultiHead: true,
  tiedEmbeddings: true,
  defaults: { intermediateFactor: 4 },
  queryBias: true,
  outputBias: true,
  feedForwardBias: true,
  feedForwardMatrices: 2,
  normBias: true,
  // Positions are a table.
  further: ({ maxPositions, hiddenSize }) => maxPositions * hiddenSize,
}

/** Families by the `model_type` of their decoder. The defaults are those of the Transformers library. */
const families: Readonly<Record<string, Family>> = {
  llama,
  mistral: plain,
  ministral: plain,
  ministral3: plain,
  mistral3: plain,
  mixtral: { ...plain, hasExperts: true },
  granite: llama,
  internlm2: { ...llama, queryBias: by('bias'), outputBias: by('bias') },
  llama4: { ...plain, hasExperts: true, fullAttentionEvery: 4 },
  smollm3: { tiedEmbeddings: true },
  qwen2,
  qwen2_moe: { ...qwen2, hasExperts: true, sharedExpertGate: true },
  qwen2_vl: qwen2,
  qwen2_5_vl: qwen2,
  qwen3,
  qwen3_moe: { ...qwen3, hasExperts: true },
  qwen3_vl: qwen3,
  qwen3_vl_moe: { ...qwen3, hasExperts: true },
  qwen3_next: { ...qwen3Next, hasExperts: true },
  qwen3_5: qwen3Next,
  qwen3_5_moe: { ...qwen3Next, hasExperts: true },
  gemma,
  gemma2: { ...gemma, normsPerLayer: 4, fullAttentionEvery: 2 },
  gemma3: {
    tiedEmbeddings: true,
    defaults: { attentionHeads: 8, keyValueHeads: 4, headSize: 256, vocabularySize: 262_208, maxPositions: 131_072 },
    normsPerLayer: 4,
    queryKeyNorm: { shape: 'per-head' },
    fullAttentionEvery: 6,
  },
  gemma4: {
    tiedEmbeddings: true,
    normsPerLayer: 4,
    queryKeyNorm: { shape: 'per-head' },
    fullAttentionEvery: 6,
    // A scale per layer; beside experts, three norms, a scale of the router's input and one per expert.
    further: ({ layers, hiddenSize, experts }) =>
      layers * (1 + (experts === undefined ? 0 : 4 * hiddenSize + experts.count)),
  },
  phi: { ...gpt2, tiedEmbeddings: false, normsPerLayer: 1, further: ({ vocabularySize }) => vocabularySize },
  phi3: llama,
  deepseek: { ...llama, hasExperts: true },
  deepseek_v2: deepseekV2,
  deepseek_v3: deepseekV3,
  deepseek_v32: deepseekV3,
  kimi_k2: deepseekV3,
  kimi_k25: deepseekV3,
  glm_moe_dsa: deepseekV3,
  glm,
  glm4: { ...glm, normsPerLayer: 4 },
  glm4_moe: {
    ...glm,
    hasExperts: true,
    queryKeyNorm: { shape: 'per-head', when: by('use_qk_norm') },
    routerCorrection: true,
  },
  glm4_moe_lite: deepseekV3,
  chatglm: {
    ...plain,
    queryBias: by('add_qkv_bias'),
    outputBias: by('add_bias_linear'),
    feedForwardBias: by('add_bias_linear'),
  },
  gpt_oss: {
    ...plain,
    hasExperts: true,
    defaults: { headSize: 64 },
    queryBias: by('attention_bias', true),
    outputBias: by('attention_bias', true),
    expertBias: true,
    fullAttentionEvery: 2,
    // Attention sinks.
    further: ({ layers, attentionHeads }) => layers * attentionHeads,
  },
  minimax_m2: {
    ...plain,
    hasExperts: true,
    queryKeyNorm: { shape: 'all-heads', when: by('use_qk_norm', true) },
    routerCorrection: by('use_routing_bias', true),
  },
  olmo2: olmo,
  olmo3: { ...olmo, fullAttentionEvery: 4 },
  cohere,
  cohere2: { ...cohere, fullAttentionEvery: 4 },
  starcoder2: {
    tiedEmbeddings: true,
    queryBias: by('use_bias', true),
    outputBias: by('use_bias', true),
    feedForwardBias: by('use_bias', true),
    feedForwardMatrices: 2,
    normBias: true,
  },
  gpt2,
  gpt_bigcode: { ...gpt2, isMultiHead: false },
  gpt_neox: {
    ...llama,
    queryBias: by('attention_bias', true),
    outputBias: by('attention_bias', true),
    feedForwardBias: true,
    feedForwardMatrices: 2,
    normBias: true,
  },
  falcon: {
    tiedEmbeddings: true,
    defaults: { intermediateFactor: 4, maxPositions: 2048 },
    queryBias: by('bias'),
    outputBias: by('bias'),
    feedForwardBias: by('bias'),
    feedForwardMatrices: 2,
    normBias: true,
    // With attention and feed-forward network side by side, the first generation has one norm for both.
    further: ({ layers, hiddenSize }, text) =>
      findFlag(text, ['new_decoder_architecture']) === true || findFlag(text, ['parallel_attn']) === false
        ? 0
        : -layers * 2 * hiddenSize,
  },
}

/** The family of a `model_type`; absent for a name that this package does not know. */
export function familyOf(modelType: string): Family | undefined {
  const name = modelType.replace(/_text$/, '')
  return Object.hasOwn(families, name) ? families[name] : undefined
}
