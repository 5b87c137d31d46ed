import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { publishedConfig, publishedConfigs } from '../../test/sizing/published-configs.js'
import type { ModelId } from '../catalog/catalog.generated.js'
import { catalog } from '../catalog/catalog.js'
import { HuggingFaceConfigError } from './hugging-face-config/hugging-face-config-error.js'
import type { ModelArchitecture } from './model-architecture.js'
import { countParameters } from './parameter-count.js'
import { readHuggingFaceConfig } from './read-hugging-face-config.js'

const exact = publishedConfigs.filter(({ isRounded }) => isRounded !== true)
const rounded = publishedConfigs.filter(({ isRounded }) => isRounded === true)

function shapeOf(id: ModelId): ModelArchitecture {
  const architecture = catalog.architectures[id]
  if (architecture === undefined) throw new Error(`no architecture of ${id}`)
  const { id: _, publishedParameters, licence, licenceRestriction, gated, notes, sources, ...shape } = architecture
  return shape
}

describe('configurations of publishers', () => {
  test.each(exact.map((published) => [published.name, published] as const))(
    '%s has exactly as many parameters as published, and nothing assumed',
    (_, { config, parameters }) => {
      const architecture = readHuggingFaceConfig(config)
      expect(countParameters(architecture).total).toBe(parameters)
      expect(architecture.assumptions).toBeUndefined()
    },
  )

  test.each(rounded.map((published) => [published.name, published] as const))(
    '%s has about as many parameters as published',
    (_, { config, parameters }) => {
      const { total } = countParameters(readHuggingFaceConfig(config))
      expect(Math.abs(total / parameters - 1)).toBeLessThan(0.015)
    },
  )

  const described = publishedConfigs.flatMap(({ config, catalogIds = [] }) =>
    catalogIds.map((id) => [id, config] as const),
  )

  test('every model of the catalog has one here', () => {
    expect(described.map(([id]) => id).sort()).toEqual(Object.keys(catalog.architectures).sort())
  })

  // vLLM multiplies its context by 4; the catalog has what the model was made for.
  const rescaled: readonly ModelId[] = ['deepseek-coder-33b-base', 'deepseek-coder-33b-instruct']

  test.each(described)('the catalog says the same about %s', (id, config) => {
    const expected = shapeOf(id)
    const maxPositions = rescaled.includes(id) ? 4 * expected.maxPositions : expected.maxPositions
    expect(readHuggingFaceConfig(config, { name: id })).toEqual({ ...expected, maxPositions })
  })
})

describe("Mistral's params.json", () => {
  const mistral7b = {
    dim: 4096,
    n_layers: 32,
    head_dim: 128,
    hidden_dim: 14_336,
    n_heads: 32,
    n_kv_heads: 8,
    norm_eps: 1e-5,
    vocab_size: 32_768,
    rope_theta: 1_000_000,
    max_seq_len: 32_768,
  }

  test('is read like the config.json', () => {
    const { assumptions, ...read } = readHuggingFaceConfig(mistral7b, { name: 'mistral-7b-it-v0.3' })
    expect(read).toEqual(shapeOf('mistral-7b-it-v0.3'))
    expect(assumptions).toEqual([
      'The weights were taken to be in bfloat16, as the file does not say (torch_dtype or dtype).',
    ])
  })

  test('may have experts', () => {
    const file = { ...mistral7b, vocab_size: 32_000, moe: { num_experts: 8, num_experts_per_tok: 2 } }
    expect(readHuggingFaceConfig(file)).toMatchObject({ modelType: 'mixtral', experts: { count: 8, perToken: 2 } })
    expect(countParameters(readHuggingFaceConfig(file)).total).toBe(46_702_792_704)
  })

  test('may have a vision tower', () => {
    const file = {
      ...mistral7b,
      dim: 5120,
      n_layers: 40,
      hidden_dim: 32_768,
      vocab_size: 131_072,
      vision_encoder: {
        hidden_size: 1024,
        num_hidden_layers: 24,
        intermediate_size: 4096,
        patch_size: 14,
        adapter_bias: false,
        spatial_merge_size: 2,
      },
    }
    expect(countParameters(readHuggingFaceConfig(file)).total).toBe(24_011_361_280)
  })

  test('may have windows in a pattern, and a yarn', () => {
    const yarn = { factor: 16, original_max_position_embeddings: 8192 }
    const { slidingWindow, maxPositions } = readHuggingFaceConfig({
      ...mistral7b,
      sliding_window: [null, 4096, 4096, 4096],
      yarn,
    })
    expect(slidingWindow).toEqual({ tokens: 4096, layers: 24 })
    expect(maxPositions).toBe(131_072)
  })

  test('without a context has the one that vLLM takes, and says so', () => {
    const { maxPositions, assumptions } = readHuggingFaceConfig({ ...mistral7b, max_seq_len: undefined })
    expect(maxPositions).toBe(128_000)
    expect(assumptions?.join(' ')).toContain('128000 tokens')
  })

  test('names its own fields', () => {
    expect(() => readHuggingFaceConfig({ ...mistral7b, hidden_dim: undefined })).toThrow(/^hidden_dim is not there/)
    expect(() => readHuggingFaceConfig({ ...mistral7b, n_heads: 0 })).toThrow(/^n_heads is 0/)
  })
})

describe('the input', () => {
  const config = publishedConfig('meta-llama/Llama-3.1-8B-Instruct')
  const architecture = readHuggingFaceConfig(config)
  const text = JSON.stringify(config, undefined, 2)

  test('may be text, with a byte order mark or not, or bytes', () => {
    expect(readHuggingFaceConfig(text)).toEqual(architecture)
    expect(readHuggingFaceConfig(`\uFEFF${text}`)).toEqual(architecture)
    expect(readHuggingFaceConfig(new TextEncoder().encode(text))).toEqual(architecture)
    expect(readHuggingFaceConfig(Buffer.from(`xx${text}`).subarray(2))).toEqual(architecture)
    expect(readHuggingFaceConfig(Buffer.from(`\uFEFF${text}`, 'utf16le'))).toEqual(architecture)
  })

  test('may have its fields in any order', () => {
    for (const published of publishedConfigs) {
      const reversed = Object.fromEntries(Object.entries(published.config).reverse())
      expect(readHuggingFaceConfig(reversed)).toEqual(readHuggingFaceConfig(published.config))
    }
  })

  test('is not changed, and the result is plain data', () => {
    const copy = structuredClone(config)
    readHuggingFaceConfig(copy)
    expect(copy).toEqual(config)
    expect(JSON.parse(JSON.stringify(architecture))).toEqual(architecture)
  })

  test('gives the name, unless the caller does', () => {
    expect(architecture.name).toBe('LlamaForCausalLM')
    expect(readHuggingFaceConfig({ ...config, _name_or_path: 'meta-llama/Llama-3.1-8B' }).name).toBe(
      'meta-llama/Llama-3.1-8B',
    )
    expect(readHuggingFaceConfig({ ...config, _name_or_path: '/home/me/model' }).name).toBe('LlamaForCausalLM')
    expect(readHuggingFaceConfig({ ...config, architectures: undefined }).name).toBe('llama')
    expect(readHuggingFaceConfig(config, { name: 'mine' }).name).toBe('mine')
  })

  test('cannot pollute a prototype', () => {
    const polluted = `{"__proto__": {"num_hidden_layers": 7, "polluted": true}, ${text.slice(1)}`
    expect(readHuggingFaceConfig(polluted)).toEqual(architecture)
    expect('polluted' in {}).toBe(false)
    expect(() => readHuggingFaceConfig('{"model_type": "llama", "__proto__": {"num_hidden_layers": 32}}')).toThrow(
      /num_hidden_layers is not there/,
    )
    expect(() => readHuggingFaceConfig({ ...config, model_type: 'constructor' })).not.toThrow(TypeError)
  })
})

describe('a number', () => {
  const config = publishedConfig('Qwen/Qwen3-30B-A3B')
  const numbers = [
    'num_hidden_layers',
    'hidden_size',
    'num_attention_heads',
    'num_key_value_heads',
    'head_dim',
    'vocab_size',
    'max_position_embeddings',
    'moe_intermediate_size',
    'num_experts_per_tok',
  ]

  test.each(numbers)('%s cannot be absurd', (field) => {
    for (const value of [0, -1, 0.5, 1e12, 2 ** 53, '32', true, [32], { value: 32 }])
      expect(() => readHuggingFaceConfig({ ...config, [field]: value })).toThrow(
        expect.objectContaining({ code: 'invalid-field', field }) as Error,
      )
  })

  test.each(numbers)('%s cannot be no number at all', (field) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 32])
      expect(() => readHuggingFaceConfig({ ...config, [field]: value })).toThrow(
        expect.objectContaining({ code: 'invalid-field', field }) as Error,
      )
  })
})

/** What a read gives: an architecture, or the code of the error. Anything else is thrown. */
function outcomeOf(input: unknown): ModelArchitecture | string {
  try {
    return readHuggingFaceConfig(input)
  } catch (error) {
    if (HuggingFaceConfigError.is(error)) return error.code
    throw error
  }
}

describe('any input', () => {
  test('gives an architecture or a HuggingFaceConfigError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.json(), fc.string(), fc.uint8Array()), (input) => {
        expect(outcomeOf(input)).toBeDefined()
      }),
    )
  })

  const names = publishedConfigs.flatMap(({ config }) => Object.keys(config))

  test('that is a configuration with some fields replaced by anything gives no other error and only sound numbers', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...publishedConfigs),
        fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.anything(), fc.integer({ min: -2, max: 4096 })), {
          maxKeys: 3,
        }),
        ({ config }, replaced) => {
          const outcome = outcomeOf({ ...config, ...replaced })
          if (typeof outcome === 'string') return
          const { total, activePerToken, linear } = countParameters(outcome)
          expect(Number.isSafeInteger(outcome.layers * outcome.hiddenSize)).toBe(true)
          expect(activePerToken).toBeLessThanOrEqual(total)
          expect(linear).toBeGreaterThan(0)
          expect(outcome.maxPositions).toBeGreaterThan(0)
          expect(outcome.attentionHeads % outcome.keyValueHeads).toBe(0)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('with one field left out is either complete without it or names a field', () => {
    for (const { config } of publishedConfigs)
      for (const field of Object.keys(config)) {
        const { [field]: _, ...rest } = config
        const outcome = outcomeOf(rest)
        if (typeof outcome === 'string')
          expect(['missing-field', 'contradicting-fields', 'other-file']).toContain(outcome)
      }
  })
})
