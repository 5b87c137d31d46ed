import { describe, expect, test } from 'vitest'
import { publishedConfig } from '../../../test/sizing/published-configs.js'
import { countParameters } from '../parameter-count.js'
import { readHuggingFaceConfig } from '../read-hugging-face-config.js'

const llama = publishedConfig('meta-llama/Llama-3.1-8B-Instruct')

function failure(code: string, field: string | undefined): Error {
  return expect.objectContaining({ code, field }) as Error
}

describe('a model that is no decoder', () => {
  test.each([
    ['bert', 'an encoder'],
    ['xlm-roberta', 'an encoder'],
    ['nomic_bert', 'an encoder'],
    ['t5', 'an encoder with a decoder'],
    ['whisper', 'an encoder with a decoder'],
    ['clip', 'images or sound'],
    ['mamba', 'state-space'],
    ['jamba', 'state-space'],
    ['nemotron_h', 'state-space'],
    ['mllama', 'cross-attention'],
  ])('%s is refused by name', (modelType, what) => {
    const read = () => readHuggingFaceConfig({ ...llama, model_type: modelType })
    expect(read).toThrow(failure('unsupported-model', 'model_type'))
    expect(read).toThrow(new RegExp(`^${modelType} is .*${what}`))
  })

  test.each(['LlamaForSequenceClassification', 'Qwen2ForRewardModel', 'BertForMaskedLM', 'MistralModel', 'Qwen2Model'])(
    '%s is refused by its class',
    (architecture) => {
      expect(() => readHuggingFaceConfig({ ...llama, architectures: [architecture] })).toThrow(
        failure('unsupported-model', 'architectures'),
      )
    },
  )

  test('an encoder with a decoder is refused by its field', () => {
    expect(() => readHuggingFaceConfig({ ...llama, is_encoder_decoder: true })).toThrow(
      failure('unsupported-model', 'is_encoder_decoder'),
    )
  })
})

describe('a part that cannot be counted', () => {
  test.each<readonly [string, unknown]>([
    ['num_kv_shared_layers', 20],
    ['hidden_size_per_layer_input', 256],
    ['block_configs', [{ attention: {} }]],
    ['hybrid_override_pattern', 'M-M*'],
    ['linear_attn_config', { kda_layers: [1] }],
    ['compress_ratios', [4, 128]],
    ['audio_config', { model_type: 'gemma3n_audio' }],
    ['attn_type_list', [1, 0]],
  ])('%s is named', (field, value) => {
    expect(() => readHuggingFaceConfig({ ...llama, [field]: value })).toThrow(failure('unsupported-model', field))
    const gemma = publishedConfig('google/gemma-3-27b-it')
    const inside = { ...gemma, text_config: { ...(gemma['text_config'] as object), [field]: value } }
    expect(() => readHuggingFaceConfig(inside)).toThrow(failure('unsupported-model', `text_config.${field}`))
  })
})

describe('a model type that is not known', () => {
  const unknown = { ...llama, model_type: 'seed_oss', architectures: ['SeedOssForCausalLM'] }

  test('is read as a decoder like Llama when everything is there, and the result says so', () => {
    const { assumptions, ...read } = readHuggingFaceConfig(unknown)
    expect(countParameters(read).total).toBe(8_030_261_248)
    expect(assumptions).toEqual(['The model type seed_oss is not known here and was read as a decoder like Llama.'])
  })

  test.each([
    'num_hidden_layers',
    'hidden_size',
    'intermediate_size',
    'num_attention_heads',
    'num_key_value_heads',
    'vocab_size',
    'max_position_embeddings',
    'tie_word_embeddings',
    'hidden_act',
  ])('has to state %s', (field) => {
    expect(() => readHuggingFaceConfig({ ...unknown, [field]: undefined })).toThrow(failure('missing-field', field))
  })

  test('has to have a gated feed-forward network', () => {
    expect(() => readHuggingFaceConfig({ ...unknown, hidden_act: 'relu2' })).toThrow(
      failure('invalid-field', 'hidden_act'),
    )
  })

  test('cannot have fields about experts that are not understood', () => {
    expect(() => readHuggingFaceConfig({ ...unknown, moe_k: 6 })).toThrow(failure('invalid-field', 'moe_k'))
  })

  test('has to be a name', () => {
    for (const name of ['', 'a b', '<script>', 'x'.repeat(65), '\u001b[31m'])
      expect(() => readHuggingFaceConfig({ ...llama, model_type: name })).toThrow(
        failure('invalid-field', 'model_type'),
      )
    expect(() => readHuggingFaceConfig({ ...llama, model_type: undefined })).toThrow(
      failure('missing-field', 'model_type'),
    )
  })
})

describe('the decoder of a multimodal model', () => {
  const gemma = publishedConfig('google/gemma-3-27b-it')

  test('is named with the object around it', () => {
    const text = { ...(gemma['text_config'] as object), num_hidden_layers: 0 }
    expect(() => readHuggingFaceConfig({ ...gemma, text_config: text })).toThrow(
      failure('invalid-field', 'text_config.num_hidden_layers'),
    )
    expect(() => readHuggingFaceConfig({ ...gemma, text_config: 'gemma' })).toThrow(
      failure('invalid-field', 'text_config'),
    )
  })

  test('may be stated twice: the part that has the layers counts', () => {
    const twice = { ...publishedConfig('Qwen/Qwen2.5-VL-7B-Instruct'), text_config: { model_type: 'qwen2_5_vl_text' } }
    expect(countParameters(readHuggingFaceConfig(twice)).total).toBe(8_292_166_656)
  })

  test('comes with a tower whose fields are named too', () => {
    const tower = { ...(gemma['vision_config'] as object), patch_size: 0 }
    expect(() => readHuggingFaceConfig({ ...gemma, vision_config: tower })).toThrow(
      failure('invalid-field', 'vision_config.patch_size'),
    )
  })

  test('of an unknown kind is counted, and the tower about', () => {
    const { architectures: _, model_type: __, ...text } = llama
    const config = {
      model_type: 'llava_next',
      text_config: { ...text, model_type: 'llama' },
      vision_config: {
        hidden_size: 1024,
        num_hidden_layers: 24,
        intermediate_size: 4096,
        model_type: 'clip_vision_model',
      },
    }
    const { assumptions, ...architecture } = readHuggingFaceConfig(config)
    const tower = countParameters(architecture).total - 8_030_261_248
    // CLIP ViT-L/14 has 304 million, and the projector a few more.
    expect(tower / 304e6).toBeCloseTo(1, 1)
    expect(assumptions?.join(' ')).toMatch(/sees images/)
    const left = readHuggingFaceConfig({ ...config, vision_config: { model_type: 'other' } })
    expect(left.assumptions?.join(' ')).toMatch(/left out/)
  })
})
