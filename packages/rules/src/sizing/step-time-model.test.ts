import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ModelId } from '../catalog/catalog.generated.js'
import { catalog } from '../catalog/catalog.js'
import { createStepTimeModel } from './create-step-time-model.js'
import { resolvePerformanceCase } from './performance-case.js'
import { stepTimeModel } from './step-time-model.js'

const models = Object.keys(catalog.architectures) as ModelId[]
const gpus = Object.keys(catalog.gpus)
const served = fc
  .record({
    model: fc.constantFrom(...models),
    gpu: fc.constantFrom(...gpus),
    tensorParallelSize: fc.constantFrom(1, 2, 4, 8),
    pipelineParallelSize: fc.constantFrom(1, 2, 4),
    kvCacheDtype: fc.constantFrom('auto' as const, 'fp8' as const),
    nvlink: fc.boolean(),
  })
  .filter((input) => isPossible(() => resolvePerformanceCase(input)))
const running = fc.integer({ min: 1, max: 1024 })
const contextEach = fc.integer({ min: 1, max: 8192 })

function isPossible(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

describe('stepTimeModel', () => {
  test('more running requests, longer contexts and longer prompts never take less time', () => {
    fc.assert(
      fc.property(served, running, contextEach, running, contextEach, (input, few, context, more, tokens) => {
        const model = createStepTimeModel(input)
        const slack = 1 + 1e-9
        const base = model.decodeStepMs(few, few * context)
        expect(base).toBeGreaterThan(0)
        expect(model.decodeStepMs(few + more, (few + more) * context) * slack).toBeGreaterThanOrEqual(base)
        expect(model.decodeStepMs(few, few * (context + tokens)) * slack).toBeGreaterThanOrEqual(base)
        expect(model.mixedStepMs(few, few * context, tokens) * slack).toBeGreaterThanOrEqual(base)
        expect(model.prefillMs(tokens + 1) * slack).toBeGreaterThanOrEqual(model.prefillMs(tokens))
        expect(model.prefillMs(tokens, 1, context) * slack).toBeGreaterThanOrEqual(model.prefillMs(tokens))
      }),
    )
  })

  test('a token never costs more in a larger batch', () => {
    fc.assert(
      fc.property(served, running, running, contextEach, (input, few, more, context) => {
        const model = createStepTimeModel({ ...input, pipelineParallelSize: 1 })
        const alone = model.decodeStepMs(few, few * context) / few
        const together = model.decodeStepMs(few + more, (few + more) * context) / (few + more)
        expect(together).toBeLessThanOrEqual(alone * (1 + 1e-9))
      }),
    )
  })

  test('more bandwidth, more operations per second and a faster link never take more time', () => {
    const faster = fc.constantFrom('bandwidthGBs', 'fp16TFLOPS', 'bf16TFLOPS', 'nvlinkGBs')
    fc.assert(
      fc.property(
        served,
        faster,
        fc.double({ min: 1, max: 4, noNaN: true }),
        running,
        contextEach,
        (input, what, factor, few, context) => {
          const { settings, gpu, profile } = resolvePerformanceCase(input)
          const better = gpu[what] === undefined ? gpu : { ...gpu, [what]: gpu[what] * factor }
          const [before, after] = [gpu, better].map((card) => stepTimeModel(settings, card, profile))
          const slack = 1 + 1e-9
          expect(after?.decodeStepMs(few, few * context)).toBeLessThanOrEqual(
            (before?.decodeStepMs(few, few * context) ?? 0) * slack,
          )
          expect(after?.prefillMs(context)).toBeLessThanOrEqual((before?.prefillMs(context) ?? 0) * slack)
        },
      ),
    )
  })

  test('an 8-bit cache and smaller weights never take more time', () => {
    const base = { model: 'codestral-22b-v0.1', gpu: 'h100-80gb', vllmVersion: '0.11.0' }
    const step = (input: object) => createStepTimeModel({ ...base, ...input }).decodeStepMs(64, 64 * 4000)
    expect(step({ kvCacheDtype: 'fp8' })).toBeLessThan(step({}))
    expect(step({ quantization: 'fp8' })).toBeLessThan(step({}))
    expect(step({ quantization: 'awq' })).toBeLessThan(step({ quantization: 'fp8' }))
  })

  test('reads the experts that its tokens are sent to, and all of them once there are enough', () => {
    const model = createStepTimeModel({ model: 'mixtral-8x7b-it-v0.1', gpu: 'a100-80gb', tensorParallelSize: 2 })
    const perRequest = catalog.speedProfiles['a100-v0'].constants.sequenceOverheadUs.value / 1000
    const read = (requests: number) => model.decodeStepMs(requests, requests) - requests * perRequest
    expect(read(2) / read(1)).toBeGreaterThan(1.4)
    expect(read(64) / read(32)).toBeLessThan(1.05)
  })

  test('a window bounds what is read of a long context', () => {
    const architecture = {
      name: 'windowed',
      modelType: 'mistral',
      layers: 32,
      hiddenSize: 4096,
      intermediateSize: 14336,
      attentionHeads: 32,
      keyValueHeads: 8,
      headSize: 128,
      vocabularySize: 32000,
      maxPositions: 32768,
      dtype: 'bfloat16',
      tiedEmbeddings: false,
    } as const
    const served = { gpu: 'a100-80gb', vllmVersion: '0.11.0' }
    const full = createStepTimeModel({ ...served, architecture })
    const windowed = createStepTimeModel({
      ...served,
      architecture: { ...architecture, slidingWindow: { tokens: 4096, layers: 32 } },
    })
    expect(windowed.decodeStepMs(8, 8 * 4096)).toBeCloseTo(full.decodeStepMs(8, 8 * 4096), 9)
    expect(windowed.decodeStepMs(8, 8 * 30000)).toBeCloseTo(full.decodeStepMs(8, 8 * 4096), 9)
    expect(full.decodeStepMs(8, 8 * 30000)).toBeGreaterThan(windowed.decodeStepMs(8, 8 * 30000))
  })

  test('a mixed step with one kind of work alone is a step of that kind', () => {
    const model = createStepTimeModel({ model: 'mistral-7b-it-v0.3', gpu: 'a100-40gb', tensorParallelSize: 2 })
    expect(model.mixedStepMs(4, 4000, 0)).toBe(model.decodeStepMs(4, 4000))
    expect(model.mixedStepMs(0, 0, 500)).toBe(model.prefillMs(500))
  })
})
