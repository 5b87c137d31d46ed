import { describe, expect, test } from 'vitest'
import { publishedConfig } from '../../../test/sizing/published-configs.js'
import { countParameters } from '../parameter-count.js'
import { readHuggingFaceConfig } from '../read-hugging-face-config.js'

const llama = publishedConfig('meta-llama/Llama-3.1-8B-Instruct')
const mixtral = publishedConfig('mistralai/Mixtral-8x7B-Instruct-v0.1')
const deepseek = publishedConfig('deepseek-ai/DeepSeek-V3')

function failure(code: string, field: string): Error {
  return expect.objectContaining({ code, field }) as Error
}

describe('names that mean the same', () => {
  test('may both be there', () => {
    expect(readHuggingFaceConfig({ ...llama, n_layer: 32 })).toEqual(readHuggingFaceConfig(llama))
  })

  test('cannot disagree', () => {
    expect(() => readHuggingFaceConfig({ ...llama, n_layer: 31 })).toThrow(failure('contradicting-fields', 'n_layer'))
    expect(() => readHuggingFaceConfig({ ...llama, n_layer: 31 })).toThrow(/num_hidden_layers is 32 and n_layer is 31/)
  })

  test('are all named when none is there', () => {
    expect(() => readHuggingFaceConfig({ ...llama, num_hidden_layers: null })).toThrow(
      /^num_hidden_layers is not there \(nor n_layer, num_layers\)/,
    )
  })
})

describe('heads', () => {
  test('have to divide', () => {
    expect(() => readHuggingFaceConfig({ ...llama, num_key_value_heads: 5 })).toThrow(
      failure('contradicting-fields', 'num_key_value_heads'),
    )
    expect(() => readHuggingFaceConfig({ ...llama, num_attention_heads: 40 })).toThrow(
      failure('contradicting-fields', 'num_attention_heads'),
    )
  })

  test('that are not stated are as many as query heads where the family says so, and are asked for elsewhere', () => {
    const { num_key_value_heads: _, ...rest } = llama
    expect(readHuggingFaceConfig(rest).keyValueHeads).toBe(32)
    expect(() => readHuggingFaceConfig({ ...rest, model_type: 'mistral' })).toThrow(
      failure('missing-field', 'num_key_value_heads'),
    )
  })

  test('of Falcon and StarCoder follow multi_query', () => {
    const falcon = publishedConfig('tiiuae/falcon-7b')
    expect(readHuggingFaceConfig(falcon).keyValueHeads).toBe(1)
    expect(readHuggingFaceConfig({ ...falcon, multi_query: false }).keyValueHeads).toBe(71)
    expect(() => readHuggingFaceConfig({ ...falcon, multi_query: undefined })).toThrow(/num_key_value_heads/)
    const falcon40b = {
      ...falcon,
      hidden_size: 8192,
      num_attention_heads: 128,
      num_kv_heads: 8,
      new_decoder_architecture: true,
    }
    expect(readHuggingFaceConfig(falcon40b).keyValueHeads).toBe(8)
  })
})

describe('experts', () => {
  test('are needed where the family always has them', () => {
    expect(() => readHuggingFaceConfig({ ...mixtral, num_local_experts: undefined })).toThrow(
      failure('missing-field', 'num_local_experts'),
    )
    expect(() => readHuggingFaceConfig({ ...deepseek, kv_lora_rank: undefined })).toThrow(
      failure('missing-field', 'kv_lora_rank'),
    )
  })

  test('cannot be fewer than one token passes through', () => {
    expect(() => readHuggingFaceConfig({ ...mixtral, num_experts_per_tok: 9 })).toThrow(
      failure('invalid-field', 'num_experts_per_tok'),
    )
  })

  test('may be in some layers only', () => {
    const moe = publishedConfig('Qwen/Qwen3-30B-A3B')
    const denseLayers = (more: Readonly<Record<string, unknown>>) =>
      readHuggingFaceConfig({ ...moe, ...more }).experts?.denseLayers
    expect(denseLayers({})).toBeUndefined()
    expect(denseLayers({ decoder_sparse_step: 2 })).toBe(24)
    expect(denseLayers({ mlp_only_layers: [0, 1, 47] })).toBe(3)
    expect(denseLayers({ decoder_sparse_step: 2, mlp_only_layers: [0, 1] })).toBe(25)
    expect(denseLayers({ first_k_dense_replace: 3 })).toBe(3)
    expect(denseLayers({ moe_layer_freq: Array.from({ length: 48 }, (_, index) => (index < 2 ? 0 : 1)) })).toBe(2)
    expect(
      denseLayers({ mlp_layer_types: Array.from({ length: 48 }, (_, index) => (index < 4 ? 'dense' : 'sparse')) }),
    ).toBe(4)
    expect(() => denseLayers({ moe_layer_freq: [1, 1] })).toThrow(failure('contradicting-fields', 'moe_layer_freq'))
    expect(() => denseLayers({ first_k_dense_replace: 48 })).toThrow(/no layer that has them/)
    expect(() => denseLayers({ mlp_only_layers: 3 })).toThrow(failure('invalid-field', 'mlp_only_layers'))
  })

  test('of Llama 4 stand beside dense layers of another width', () => {
    const scout = publishedConfig('meta-llama/Llama-4-Scout-17B-16E-Instruct')
    const text = { ...(scout['text_config'] as object), interleave_moe_layer_step: 2, num_local_experts: 128 }
    const maverick = readHuggingFaceConfig({ ...scout, text_config: text })
    expect(maverick.experts).toMatchObject({ denseLayers: 24, intermediateSize: 8192, sharedIntermediateSize: 8192 })
    expect(maverick.intermediateSize).toBe(16_384)
    // Published as 402B, of which 17B active.
    const { total, activePerToken, embedding } = countParameters(maverick)
    expect(total / 402e9).toBeCloseTo(1, 2)
    expect((activePerToken - embedding) / 17e9).toBeCloseTo(1, 2)
  })

  test('one or none is a dense model', () => {
    expect(readHuggingFaceConfig({ ...llama, num_local_experts: 0 }).experts).toBeUndefined()
    expect(readHuggingFaceConfig({ ...llama, num_local_experts: 1 })).toEqual(readHuggingFaceConfig(llama))
  })
})

describe('the dtype', () => {
  test('may have several spellings and stand in several places', () => {
    const dtypeOf = (more: object) => readHuggingFaceConfig({ ...llama, torch_dtype: undefined, ...more }).dtype
    expect(dtypeOf({ torch_dtype: 'torch.float16' })).toBe('float16')
    expect(dtypeOf({ dtype: 'half' })).toBe('float16')
    expect(dtypeOf({ dtype: 'float' })).toBe('float32')
    expect(dtypeOf({ torch_dtype: 'auto', dtype: 'bfloat16' })).toBe('bfloat16')
  })

  test('that is not there is float32, and the result says so', () => {
    const { dtype, assumptions } = readHuggingFaceConfig({ ...llama, torch_dtype: null })
    expect(dtype).toBe('float32')
    expect(assumptions).toEqual([
      'The weights were taken to be in float32, as the file does not say (torch_dtype or dtype).',
    ])
  })

  test('has to be known', () => {
    expect(() => readHuggingFaceConfig({ ...llama, torch_dtype: 'float64' })).toThrow(
      failure('invalid-field', 'torch_dtype'),
    )
    expect(() => readHuggingFaceConfig({ ...llama, dtype: 16 })).toThrow(failure('invalid-field', 'dtype'))
  })
})

describe('tied embeddings', () => {
  test('are as the family has them where the file does not say', () => {
    expect(readHuggingFaceConfig(publishedConfig('google/gemma-2b')).tiedEmbeddings).toBe(true)
    expect(readHuggingFaceConfig({ ...llama, tie_word_embeddings: undefined }).tiedEmbeddings).toBe(false)
    expect(readHuggingFaceConfig({ ...llama, tie_word_embeddings: true }).tiedEmbeddings).toBe(true)
    expect(() => readHuggingFaceConfig({ ...llama, tie_word_embeddings: 'yes' })).toThrow(
      failure('invalid-field', 'tie_word_embeddings'),
    )
  })
})

describe('sparse attention', () => {
  test('comes with an indexer', () => {
    const config = { ...deepseek, model_type: 'deepseek_v32', index_n_heads: 64, index_head_dim: 128, index_topk: 2048 }
    expect(readHuggingFaceConfig(config).latentAttention?.indexer).toEqual({ heads: 64, headSize: 128 })
    expect(() => readHuggingFaceConfig({ ...config, index_head_dim: undefined })).toThrow(
      failure('missing-field', 'index_head_dim'),
    )
  })
})
