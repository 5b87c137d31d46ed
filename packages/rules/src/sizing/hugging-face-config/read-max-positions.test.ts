import { describe, expect, test } from 'vitest'
import { publishedConfig } from '../../../test/sizing/published-configs.js'
import { readHuggingFaceConfig } from '../read-hugging-face-config.js'

const qwen = publishedConfig('Qwen/Qwen2.5-7B-Instruct')

function positionsWith(fields: Readonly<Record<string, unknown>>): number {
  return readHuggingFaceConfig({ ...qwen, ...fields }).maxPositions
}

describe('the context that vLLM derives', () => {
  test.each<readonly [string, Readonly<Record<string, unknown>>, number]>([
    ['without scaling', {}, 32_768],
    ['yarn', { rope_scaling: { factor: 4, original_max_position_embeddings: 32_768, type: 'yarn' } }, 131_072],
    [
      'yarn of a stated context',
      {
        max_position_embeddings: 163_840,
        rope_scaling: { factor: 40, original_max_position_embeddings: 4096, rope_type: 'yarn' },
      },
      163_840,
    ],
    ['linear', { rope_scaling: { factor: 4, type: 'linear' } }, 131_072],
    ['dynamic', { rope_scaling: { factor: 2.5, type: 'dynamic' } }, 81_920],
    ['llama3', { rope_scaling: { factor: 8, original_max_position_embeddings: 8192, rope_type: 'llama3' } }, 32_768],
    ['longrope', { rope_scaling: { factor: 32, long_factor: [1], rope_type: 'longrope', short_factor: [1] } }, 32_768],
    ['su', { rope_scaling: { factor: 32, long_factor: [1], short_factor: [1], type: 'su' } }, 32_768],
    ['sections for images', { rope_scaling: { mrope_section: [16, 24, 24], type: 'mrope' } }, 32_768],
    ['a factor of null', { rope_scaling: { alpha: 1000, factor: null, type: 'dynamic' } }, 32_768],
    ['the parameters of today', { rope_parameters: { rope_theta: 1e6, rope_type: 'default' } }, 32_768],
    [
      'parameters per kind of layer',
      {
        rope_parameters: {
          full_attention: { factor: 8, rope_type: 'linear' },
          sliding_attention: { rope_type: 'default' },
        },
      },
      262_144,
    ],
    ['the smallest of several lengths', { n_positions: 4096, seq_length: 8192 }, 4096],
    ['a length that overrides', { max_position_embeddings: 8192, model_max_length: 131_072 }, 131_072],
  ])('%s', (_, fields, expected) => {
    expect(positionsWith(fields)).toBe(expected)
  })

  test('has the factor of Gemma 3 in it already', () => {
    expect(readHuggingFaceConfig(publishedConfig('google/gemma-3-4b-it')).maxPositions).toBe(131_072)
  })
})

describe('what cannot be', () => {
  test.each<readonly [string, Readonly<Record<string, unknown>>, string, string]>([
    ['no length', { max_position_embeddings: undefined }, 'missing-field', 'max_position_embeddings'],
    [
      'yarn without its original',
      { rope_scaling: { factor: 4, type: 'yarn' } },
      'missing-field',
      'rope_scaling.original_max_position_embeddings',
    ],
    ['a factor without a type', { rope_scaling: { factor: 4 } }, 'missing-field', 'rope_scaling.rope_type'],
    ['a factor of zero', { rope_scaling: { factor: 0, type: 'linear' } }, 'invalid-field', 'rope_scaling.factor'],
    ['a factor in text', { rope_scaling: { factor: '4', type: 'linear' } }, 'invalid-field', 'rope_scaling.factor'],
    ['a type that is no text', { rope_scaling: { factor: 4, type: 4 } }, 'invalid-field', 'rope_scaling.type'],
    ['scaling that is a number', { rope_scaling: 4 }, 'invalid-field', 'rope_scaling'],
    [
      'an absurd product',
      { max_position_embeddings: 2 ** 30, rope_scaling: { factor: 4, type: 'linear' } },
      'contradicting-fields',
      'rope_scaling',
    ],
  ])('%s', (_, fields, code, field) => {
    expect(() => positionsWith(fields)).toThrow(expect.objectContaining({ code, field }) as Error)
  })
})
