import { describe, expect, test } from 'vitest'
import { publishedConfig } from '../../../test/sizing/published-configs.js'
import type { QuantizationSettings } from '../model-architecture.js'
import { readHuggingFaceConfig } from '../read-hugging-face-config.js'

const llama = publishedConfig('meta-llama/Llama-3.1-8B-Instruct')
const mixtral = publishedConfig('mistralai/Mixtral-8x7B-Instruct-v0.1')

type Fields = Readonly<Record<string, unknown>>

function compressed(weights: Fields, more: Fields = {}): Fields {
  return { quant_method: 'compressed-tensors', config_groups: { group_0: { targets: ['Linear'], weights } }, ...more }
}

describe('formats', () => {
  test.each<readonly [string, Fields, QuantizationSettings]>([
    [
      'AWQ',
      { bits: 4, group_size: 128, quant_method: 'awq', version: 'gemm', zero_point: true },
      { method: 'awq', bits: 4, groupSize: 128 },
    ],
    [
      'AWQ in early words',
      { q_group_size: 64, quant_method: 'awq', w_bit: 4 },
      { method: 'awq', bits: 4, groupSize: 64 },
    ],
    [
      'GPTQ',
      { bits: 4, desc_act: true, group_size: 128, quant_method: 'gptq', sym: true },
      { method: 'gptq', bits: 4, groupSize: 128 },
    ],
    ['GPTQ by channel', { bits: 8, group_size: -1, quant_method: 'gptq' }, { method: 'gptq', bits: 8 }],
    [
      'AutoRound',
      { bits: 4, group_size: 128, quant_method: 'auto-round' },
      { method: 'gptq', bits: 4, groupSize: 128 },
    ],
    [
      'AutoRound by its publisher',
      { bits: 4, group_size: 128, quant_method: 'intel/auto-round' },
      { method: 'gptq', bits: 4, groupSize: 128 },
    ],
    [
      'FP8 in blocks',
      { quant_method: 'fp8', weight_block_size: [128, 128] },
      { method: 'fp8', bits: 8, groupSize: 16_384 },
    ],
    ['FP8', { activation_scheme: 'static', quant_method: 'fp8' }, { method: 'fp8', bits: 8 }],
    [
      'FP8 of FBGEMM',
      { activation_scale_ub: 1200, modules_to_not_convert: ['lm_head'], quant_method: 'fbgemm_fp8' },
      { method: 'fp8', bits: 8 },
    ],
    ['MXFP4', { quant_method: 'mxfp4' }, { method: 'mxfp4', bits: 4, groupSize: 32, appliesTo: 'routed-experts' }],
    [
      'bitsandbytes',
      { bnb_4bit_quant_type: 'nf4', load_in_4bit: true, load_in_8bit: false, quant_method: 'bitsandbytes' },
      { method: 'bitsandbytes', bits: 4, groupSize: 64 },
    ],
    ['bitsandbytes without its name', { load_in_8bit: true }, { method: 'bitsandbytes', bits: 8 }],
    ['Model Optimizer FP8', { quant_algo: 'FP8', quant_method: 'modelopt' }, { method: 'fp8', bits: 8 }],
    [
      'Model Optimizer NVFP4',
      { quant_algo: 'NVFP4', quant_method: 'modelopt' },
      { method: 'nvfp4', bits: 4, groupSize: 16 },
    ],
    ['compressed FP8', compressed({ num_bits: 8, strategy: 'channel', type: 'float' }), { method: 'fp8', bits: 8 }],
    [
      'compressed FP8 in blocks',
      compressed({ block_structure: [128, 128], num_bits: 8, strategy: 'block', type: 'float' }),
      { method: 'fp8', bits: 8, groupSize: 16_384 },
    ],
    [
      'compressed FP8 in blocks, in early words',
      compressed({ block_structure: '128x128', num_bits: 8, type: 'float' }),
      { method: 'fp8', bits: 8, groupSize: 16_384 },
    ],
    ['compressed INT8', compressed({ num_bits: 8, strategy: 'channel', type: 'int' }), { method: 'int8', bits: 8 }],
    [
      'compressed INT4',
      compressed({ group_size: 128, num_bits: 4, strategy: 'group', type: 'int' }),
      { method: 'int4', bits: 4, groupSize: 128 },
    ],
    [
      'compressed NVFP4',
      compressed({ group_size: 16, num_bits: 4, strategy: 'tensor_group', type: 'float' }),
      { method: 'nvfp4', bits: 4, groupSize: 16 },
    ],
    [
      'compressed MXFP4',
      compressed({ group_size: 32, num_bits: 4, strategy: 'group', type: 'float' }),
      { method: 'mxfp4', bits: 4, groupSize: 32 },
    ],
  ])('%s', (_, settings, expected) => {
    expect(readHuggingFaceConfig({ ...llama, quantization_config: settings }).quantization).toEqual(expected)
  })

  test('may stand under an earlier name or in the text part', () => {
    const settings = compressed({ num_bits: 8, strategy: 'channel', type: 'int' })
    expect(readHuggingFaceConfig({ ...llama, compression_config: settings }).quantization?.method).toBe('int8')
    const kimi = publishedConfig('moonshotai/Kimi-K2.6')
    expect(readHuggingFaceConfig(kimi).quantization).toMatchObject({ method: 'int4', appliesTo: 'routed-experts' })
  })

  test('a quantised cache alone quantises no weights', () => {
    const cacheOnly = {
      config_groups: {},
      kv_cache_scheme: { num_bits: 8, type: 'float' },
      quant_method: 'compressed-tensors',
    }
    expect(readHuggingFaceConfig({ ...llama, quantization_config: cacheOnly }).quantization).toBeUndefined()
    expect(readHuggingFaceConfig({ ...llama, quantization_config: null }).quantization).toBeUndefined()
  })

  test('of a params.json', () => {
    const file = {
      dim: 64,
      n_layers: 2,
      hidden_dim: 128,
      n_heads: 4,
      n_kv_heads: 2,
      head_dim: 16,
      vocab_size: 1000,
      max_seq_len: 128,
    }
    const read = (format: unknown) => readHuggingFaceConfig({ ...file, quantization: { qformat_weight: format } })
    expect(read('fp8_e4m3').quantization).toEqual({ method: 'fp8', bits: 8 })
    expect(() => read('int3')).toThrow(/^quantization\.qformat_weight is "int3"; fp8_e4m3 is needed/)
    expect(() => read(undefined)).toThrow(/qformat_weight is not there/)
  })
})

describe('layers that are left out', () => {
  const fp8 = { quant_method: 'fp8' }
  const appliesTo = (config: Fields, ignore: readonly string[]) =>
    readHuggingFaceConfig({ ...config, quantization_config: { ...fp8, modules_to_not_convert: ignore } }).quantization
      ?.appliesTo

  test('leave the routed experts alone where attention is among them', () => {
    expect(appliesTo(mixtral, ['re:.*self_attn.*', 'lm_head'])).toBe('routed-experts')
    expect(appliesTo(mixtral, ['model.layers.*.self_attn', 'model.layers.*.mlp.router'])).toBe('routed-experts')
    const everyLayer = Array.from({ length: 32 }, (_, index) => `model.layers.${index}.self_attn.q_proj`)
    expect(appliesTo(mixtral, everyLayer)).toBe('routed-experts')
  })

  test('change nothing where attention is not, or only in a few layers', () => {
    expect(appliesTo(mixtral, ['lm_head', 're:.*block_sparse_moe.gate'])).toBeUndefined()
    expect(appliesTo(mixtral, ['model.layers.0.self_attn.q_proj', 'model.layers.1.self_attn'])).toBeUndefined()
    expect(appliesTo(mixtral, ['model.layers.0.self_attn.indexer.weights_proj', 're:.*linear_attn.*'])).toBeUndefined()
    const tower = Array.from({ length: 32 }, (_, index) => `vision_tower.layers.${index}.self_attn.q_proj`)
    expect(appliesTo(mixtral, tower)).toBeUndefined()
  })

  test('of a dense model are counted as quantised, and the result says so', () => {
    const quantization_config = { ...fp8, modules_to_not_convert: ['re:.*self_attn.*'] }
    const { quantization, assumptions } = readHuggingFaceConfig({ ...llama, quantization_config })
    expect(quantization).toEqual({ method: 'fp8', bits: 8 })
    expect(assumptions?.join(' ')).toMatch(/those of attention/)
  })
})

describe('what cannot be', () => {
  test.each<readonly [string, unknown, string, string]>([
    ['an unknown method', { quant_method: 'aqlm' }, 'invalid-field', 'quantization_config.quant_method'],
    [
      'a method named like a member of every object',
      { quant_method: 'constructor' },
      'invalid-field',
      'quantization_config.quant_method',
    ],
    ['no method', { bits: 4 }, 'missing-field', 'quantization_config.quant_method'],
    ['no bits', { quant_method: 'gptq' }, 'missing-field', 'quantization_config.bits'],
    ['too many bits', { bits: 64, quant_method: 'gptq' }, 'invalid-field', 'quantization_config.bits'],
    [
      'a block of one side',
      { quant_method: 'fp8', weight_block_size: [128] },
      'invalid-field',
      'quantization_config.weight_block_size',
    ],
    ['no algorithm', { quant_method: 'modelopt' }, 'missing-field', 'quantization_config.quant_algo'],
    [
      'an unknown algorithm',
      { quant_algo: 'W4A8_AWQ', quant_method: 'modelopt' },
      'invalid-field',
      'quantization_config.quant_algo',
    ],
    [
      'odd compressed bits',
      compressed({ num_bits: 3, type: 'int' }),
      'invalid-field',
      'quantization_config.config_groups.group_0.weights.num_bits',
    ],
    ['a word', 'fp8', 'invalid-field', 'quantization_config'],
  ])('%s', (_, settings, code, field) => {
    expect(() => readHuggingFaceConfig({ ...llama, quantization_config: settings })).toThrow(
      expect.objectContaining({ code, field }) as Error,
    )
  })

  test('groups of different formats', () => {
    const groups = {
      group_0: { weights: { num_bits: 4, group_size: 128, type: 'int' } },
      group_1: { weights: { num_bits: 8, type: 'float' } },
    }
    expect(() =>
      readHuggingFaceConfig({
        ...llama,
        quantization_config: { config_groups: groups, quant_method: 'compressed-tensors' },
      }),
    ).toThrow(/int4 in groups of 128 and others as fp8/)
  })
})
