import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ModelId } from '../catalog/catalog.generated.js'
import { catalog } from '../catalog/catalog.js'
import type { CatalogArchitecture } from '../catalog/catalog-architecture.js'
import type { ModelArchitecture } from './model-architecture.js'
import { countParameters } from './parameter-count.js'

const architectures = Object.values(catalog.architectures)
const roundedModels = ['codestral-22b-v0.1', 'deepseek-coder-33b-base', 'deepseek-coder-33b-instruct']

function architectureOf(id: ModelId): CatalogArchitecture {
  const architecture = catalog.architectures[id]
  if (architecture === undefined) throw new Error(`no architecture of ${id}`)
  return architecture
}

describe('the catalog', () => {
  test('has the architecture of every self-hosted model, under its id', () => {
    const selfHosted = Object.values(catalog.models).filter(({ huggingFaceId }) => huggingFaceId !== undefined)
    expect(Object.keys(catalog.architectures).sort()).toEqual(selfHosted.map(({ id }) => id).sort())
    for (const [key, { id, name }] of Object.entries(catalog.architectures)) expect([id, name]).toEqual([key, key])
  })

  test('states an exact count for all but three', () => {
    const rounded = architectures.filter(({ publishedParameters }) => !publishedParameters.exact)
    expect(rounded.map(({ id }) => id).sort()).toEqual(roundedModels)
  })

  test.each(architectures.map((architecture) => [architecture.id, architecture] as const))(
    'the architecture of %s has the published number of parameters',
    (_, architecture) => {
      const { count, exact, speculative = 0 } = architecture.publishedParameters
      const { total } = countParameters(architecture)
      if (exact) expect(total + speculative).toBe(count)
      // 33B may stand for anything up to 33.5B.
      else expect(Math.abs(total / count - 1)).toBeLessThan(0.015)
    },
  )

  test('vLLM splits every model over two GPUs', () => {
    for (const { attentionHeads, keyValueHeads } of architectures) {
      expect(attentionHeads % keyValueHeads).toBe(0)
      expect(attentionHeads % 2).toBe(0)
    }
  })
})

describe('the parts', () => {
  test.each<readonly [ModelId, number]>([
    ['llama-3-8b', 32 * (4096 * (4096 + 1024 + 1024 + 4096) + 3 * 4096 * 14336)],
    ['codegemma-2b', 18 * (2048 * (2048 + 256 + 256 + 2048) + 3 * 2048 * 16384)],
    ['llama-3.3-70b', 68_451_041_280],
    ['codestral-22b-v0.1', 21_843_935_232],
  ])('of %s: linear layers', (id, linear) => {
    expect(countParameters(architectureOf(id)).linear).toBe(linear)
  })

  test.each<readonly [ModelId, number]>([
    // Published as "12.9B active" and "39B active".
    ['mixtral-8x7b-it-v0.1', 12_879_925_248],
    ['mixtral-8x22b-it-v0.1', 39_161_468_928],
  ])('of %s: those one token passes through', (id, active) => {
    expect(countParameters(architectureOf(id)).activePerToken).toBe(active)
  })

  test.each<readonly [ModelId, number]>([
    // "5.1B" and "3.6B active" leave the embedding table out.
    ['gpt-oss-120b', 5.13e9],
    ['gpt-oss-20b', 3.61e9],
  ])('of %s: active ones as its publisher counts them', (id, published) => {
    const { activePerToken, embedding } = countParameters(architectureOf(id))
    expect((activePerToken - embedding) / published).toBeCloseTo(1, 2)
  })

  test('a shared table counts once', () => {
    const { embedding, outputLayer } = countParameters(architectureOf('codegemma-2b'))
    expect([embedding, outputLayer]).toEqual([256_000 * 2048, 0])
    expect(countParameters(architectureOf('llama-3-8b')).outputLayer).toBe(128_256 * 4096)
  })

  test('the published size of Kimi K2.6 follows from its 4-bit experts', () => {
    const { total, routedExperts } = countParameters(architectureOf('kimi-k2.6'))
    // Half a byte per weight and a scale of two bytes for every 32; the correction of the router's scores is in float32.
    const bytes = routedExperts * (0.5 + 2 / 32) + (total - routedExperts) * 2
    expect(Math.abs(bytes / 595_148_192_736 - 1)).toBeLessThan(1e-5)
  })
})

describe('layers for speculative decoding, which are published but not counted', () => {
  function oneLayer(architecture: ModelArchitecture): number {
    const { total } = countParameters({
      ...withoutDenseLayers(architecture),
      layers: 1,
      vocabularySize: 1,
      otherParameters: 0,
    })
    return total - 2 * architecture.hiddenSize - architecture.hiddenSize
  }

  function withoutDenseLayers(architecture: ModelArchitecture): ModelArchitecture {
    const { linearAttention: _linear, linearAttentionLayers: _layers, experts, ...rest } = architecture
    return experts === undefined ? rest : { ...rest, experts: { ...experts, denseLayers: 0 } }
  }

  test.each<readonly [ModelId, number]>([
    // A correction per expert of the router's scores.
    ['glm-5.1-fp8', 256],
    // A gate for the shared expert.
    ['qwen3.6-35b-a3b', 2048],
  ])('of %s: one layer, a projection of two widths to one and three norms', (id, further) => {
    const architecture = architectureOf(id)
    const { hiddenSize, publishedParameters } = architecture
    const projection = 2 * hiddenSize * hiddenSize + 3 * hiddenSize
    expect(oneLayer(architecture) + projection + further).toBe(publishedParameters.speculative)
  })
})

const dense: fc.Arbitrary<ModelArchitecture> = fc
  .record({
    layers: fc.integer({ min: 1, max: 200 }),
    hiddenSize: fc.integer({ min: 64, max: 16_384 }),
    intermediateSize: fc.integer({ min: 64, max: 65_536 }),
    keyValueHeads: fc.integer({ min: 1, max: 16 }),
    groups: fc.integer({ min: 1, max: 16 }),
    headSize: fc.integer({ min: 16, max: 256 }),
    vocabularySize: fc.integer({ min: 1000, max: 300_000 }),
    tiedEmbeddings: fc.boolean(),
  })
  .map(({ groups, ...rest }) => ({
    ...rest,
    name: 'a model',
    modelType: 'llama',
    attentionHeads: rest.keyValueHeads * groups,
    maxPositions: 8192,
    dtype: 'bfloat16' as const,
  }))

describe('any architecture', () => {
  test('has parts that are no more than the whole, and no idle parameters when dense', () => {
    fc.assert(
      fc.property(dense, (architecture) => {
        const { total, activePerToken, linear, routedExperts, embedding, outputLayer } = countParameters(architecture)
        expect(activePerToken).toBe(total)
        expect(routedExperts).toBe(0)
        expect(outputLayer).toBe(architecture.tiedEmbeddings ? 0 : embedding)
        expect(linear + embedding + outputLayer).toBeLessThan(total)
      }),
    )
  })

  test('as a mixture whose tokens pass through all experts has no idle parameters, and otherwise loses exactly the idle ones', () => {
    fc.assert(
      fc.property(dense, fc.integer({ min: 2, max: 64 }), fc.nat(), (architecture, count, choice) => {
        const perToken = 1 + (choice % count)
        const experts = { count, perToken, intermediateSize: architecture.intermediateSize }
        const { total, activePerToken, routedExperts } = countParameters({ ...architecture, experts })
        expect(total - activePerToken).toBe((routedExperts / count) * (count - perToken))
      }),
    )
  })

  test('grows with its layers by the same amount each', () => {
    fc.assert(
      fc.property(dense, (architecture) => {
        const totals = [0, 1, 2].map(
          (more) => countParameters({ ...architecture, layers: architecture.layers + more }).total,
        )
        const [first = 0, second = 0, third = 0] = totals
        expect(third - second).toBe(second - first)
        expect(second).toBeGreaterThan(first)
      }),
    )
  })
})
