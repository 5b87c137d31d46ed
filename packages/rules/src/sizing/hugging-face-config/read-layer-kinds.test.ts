import { describe, expect, test } from 'vitest'
import { publishedConfig } from '../../../test/sizing/published-configs.js'
import type { SlidingWindow } from '../model-architecture.js'
import { readHuggingFaceConfig } from '../read-hugging-face-config.js'

type Fields = Readonly<Record<string, unknown>>

function windowOf(name: string, fields: Fields = {}): SlidingWindow | undefined {
  return readHuggingFaceConfig({ ...publishedConfig(name), ...fields }).slidingWindow
}

function failure(code: string, field: string): Error {
  return expect.objectContaining({ code, field }) as Error
}

const mistral = 'mistralai/Mistral-7B-v0.1'
const qwen = 'Qwen/Qwen2.5-7B-Instruct'
const gemma2 = 'google/gemma-2-9b-it'
const gptOss = 'openai/gpt-oss-20b'

describe('a sliding window', () => {
  test.each<readonly [string, SlidingWindow | undefined]>([
    [mistral, { tokens: 4096, layers: 32 }],
    ['mistralai/Mistral-7B-Instruct-v0.3', undefined],
    [qwen, undefined],
    ['Qwen/Qwen3-8B', undefined],
    ['google/gemma-2b', undefined],
    ['google/gemma-2-2b-it', { tokens: 4096, layers: 13 }],
    [gemma2, { tokens: 4096, layers: 21 }],
    ['google/gemma-3-1b-it', { tokens: 512, layers: 22 }],
    ['google/gemma-3-4b-it', { tokens: 1024, layers: 29 }],
    ['google/gemma-3-27b-it', { tokens: 1024, layers: 52 }],
    ['google/gemma-4-31B-it', { tokens: 1024, layers: 50 }],
    [gptOss, { tokens: 128, layers: 12 }],
    ['microsoft/Phi-3-mini-4k-instruct', { tokens: 2047, layers: 32 }],
    ['microsoft/Phi-4-mini-instruct', undefined],
    ['bigcode/starcoder2-3b', { tokens: 4096, layers: 30 }],
    ['meta-llama/Llama-4-Scout-17B-16E-Instruct', { tokens: 8192, layers: 36 }],
  ])('of %s', (name, expected) => {
    expect(windowOf(name)).toEqual(expected)
  })

  test('counts in Qwen 2 only when it is switched on, above the layers that see everything', () => {
    expect(windowOf(qwen, { sliding_window: 4096, use_sliding_window: false })).toBeUndefined()
    expect(windowOf(qwen, { sliding_window: 4096, use_sliding_window: undefined })).toBeUndefined()
    const on = { sliding_window: 4096, use_sliding_window: true }
    expect(windowOf(qwen, { ...on, max_window_layers: 20 })).toEqual({ tokens: 4096, layers: 8 })
    expect(windowOf(qwen, { ...on, max_window_layers: 28 })).toBeUndefined()
  })

  test('follows the list of layers where there is one', () => {
    const kinds = Array.from({ length: 42 }, (_, index) => (index === 0 ? 'full_attention' : 'sliding_attention'))
    expect(windowOf(gemma2, { layer_types: kinds })).toEqual({ tokens: 4096, layers: 41 })
    expect(() => windowOf(gemma2, { layer_types: kinds, sliding_window: null })).toThrow(
      failure('missing-field', 'sliding_window'),
    )
  })

  test('follows a stated pattern', () => {
    expect(windowOf('google/gemma-3-1b-it', { sliding_window_pattern: 2 })).toEqual({ tokens: 512, layers: 13 })
  })

  test('is none where the file says so, and is asked for where a family has one and the file does not say', () => {
    const unlisted = { layer_types: undefined }
    expect(windowOf(gptOss, { ...unlisted, sliding_window: 128 })).toEqual({ tokens: 128, layers: 12 })
    expect(windowOf(gptOss, { ...unlisted, sliding_window: null })).toBeUndefined()
    expect(() => windowOf(gptOss, { ...unlisted, sliding_window: undefined })).toThrow(
      failure('missing-field', 'sliding_window'),
    )
  })

  test('of an unknown model type is in every layer, and the result says so', () => {
    const config = { ...publishedConfig(mistral), model_type: 'newcomer' }
    const { slidingWindow, assumptions } = readHuggingFaceConfig(config)
    expect(slidingWindow).toEqual({ tokens: 4096, layers: 32 })
    expect(assumptions?.join(' ')).toMatch(/Every layer was taken to have the sliding window/)
  })
})

describe('layers of other kinds', () => {
  const next = 'Qwen/Qwen3-Next-80B-A3B-Instruct'

  test('have linear attention in Qwen 3 Next, listed or by interval', () => {
    const read = (fields: Fields) => readHuggingFaceConfig({ ...publishedConfig(next), ...fields })
    expect(read({}).linearAttentionLayers).toBe(36)
    expect(read({ full_attention_interval: 2 }).linearAttentionLayers).toBe(24)
    const kinds = Array.from({ length: 48 }, (_, index) => (index < 40 ? 'linear_attention' : 'full_attention'))
    expect(read({ layer_types: kinds }).linearAttentionLayers).toBe(40)
    expect(() => read({ linear_num_key_heads: undefined })).toThrow(failure('missing-field', 'linear_num_key_heads'))
  })

  test('are as many as there are layers, and of known kinds', () => {
    expect(() => windowOf(gptOss, { layer_types: ['full_attention'] })).toThrow(
      failure('contradicting-fields', 'layer_types'),
    )
    const kinds = Array.from({ length: 24 }, (_, index) => (index === 3 ? 'mamba' : 'full_attention'))
    expect(() => windowOf(gptOss, { layer_types: kinds })).toThrow(failure('invalid-field', 'layer_types[3]'))
  })
})
