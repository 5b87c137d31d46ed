import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as shapes from '../../test/sizing/architectures.js'
import { estimateMemory } from './estimate-memory.js'
import type { MemoryInput } from './memory-input.js'
import { SizingInputError } from './sizing-input-error.js'

const llama: MemoryInput = { model: 'llama-3.1-8b', gpu: 'a100-80gb' }

describe('input that is no question', () => {
  const cases: readonly (readonly [
    field: string,
    input: Record<string, unknown>,
    nearest: string | number | undefined,
  ])[] = [
    ['tensorParallelSize', { ...llama, tensorParallelSize: 0 }, 1],
    ['tensorParallelSize', { ...llama, tensorParallelSize: -4 }, 1],
    ['tensorParallelSize', { ...llama, tensorParallelSize: 1.4 }, 1],
    ['tensorParallelSize', { ...llama, tensorParallelSize: '2' }, undefined],
    ['tensorParallelSize', { ...llama, tensorParallelSize: 1e9 }, 1024],
    ['pipelineParallelSize', { ...llama, pipelineParallelSize: 0 }, 1],
    ['maxModelLength', { ...llama, maxModelLength: -1 }, 1],
    ['maxModelLength', { ...llama, maxModelLength: Number.NaN }, undefined],
    ['maxNumSeqs', { ...llama, maxNumSeqs: Number.POSITIVE_INFINITY }, 1_000_000],
    ['maxNumBatchedTokens', { ...llama, maxNumBatchedTokens: 0 }, 1],
    ['gpuMemoryUtilization', { ...llama, gpuMemoryUtilization: 90 }, 0.9],
    ['gpuMemoryUtilization', { ...llama, gpuMemoryUtilization: 0 }, 0.9],
    ['gpuTotalGiB', { ...llama, gpuTotalGiB: -80 }, undefined],
    ['gpuTotalGiB', { ...llama, gpuTotalGiB: 1e6 }, 4096],
    ['gpu', { ...llama, gpu: 'h1000' }, 'h100-80gb'],
    ['gpu', { ...llama, gpu: 'A100 80GB' }, 'a100-80gb'],
    ['gpu', { model: 'llama-3.1-8b' }, undefined],
    ['gpu', { ...llama, gpu: '__proto__' }, undefined],
    ['model', { ...llama, model: 'lama-3.1-8b' }, 'llama-3.1-8b'],
    ['model', { ...llama, model: 'gpt-4o' }, undefined],
    ['model', { gpu: 'a100-80gb' }, undefined],
    ['dtype', { ...llama, dtype: 'bf16' }, 'bfloat16'],
    ['dtype', { ...llama, dtype: 'constructor' }, undefined],
    ['quantization', { ...llama, quantization: 'fp9' }, 'fp8'],
    ['kvCacheDtype', { ...llama, kvCacheDtype: 'int8' }, 'fp8'],
    ['blockSize', { ...llama, blockSize: 20 }, 16],
    ['vllmVersion', { ...llama, vllmVersion: 'latest' }, '0.11.0'],
    ['engine', { ...llama, engine: 'v0', vllmVersion: '0.12.0' }, 'v1'],
    ['architecture.layers', { ...llama, architecture: { hidden_size: 4096 } }, undefined],
    ['architecture.headSize', { ...llama, architecture: { ...shapes.qwen3_8b, headSize: 0 } }, 1],
    ['architecture', { ...llama, architecture: 'Qwen/Qwen3-8B' }, undefined],
    ['calibration', { ...llama, calibration: 7 }, undefined],
    ['calibration.weightsScale', { ...llama, calibration: { weightsScale: Number.NaN } }, undefined],
    ['calibration.nonTorchOffsetGiB', { ...llama, calibration: { nonTorchOffsetGiB: '1' } }, undefined],
  ]

  test.each(cases)('%s: %o', (field, input, nearest) => {
    const thrown = caught(() => estimateMemory(input as MemoryInput))
    expect(SizingInputError.is(thrown)).toBe(true)
    expect(thrown).toMatchObject({ field, nearest })
    expect((thrown as Error).message.startsWith(field)).toBe(true)
    if (nearest !== undefined) expect((thrown as Error).message).toContain(`Nearest valid value: ${nearest}.`)
  })

  test.each([undefined, null, 'llama-3.1-8b', 7])('%s instead of an object', (input) => {
    expect(() => estimateMemory(input as unknown as MemoryInput)).toThrow(SizingInputError)
  })

  test('more groups of GPUs than layers are refused with figures that are numbers', () => {
    const input = { model: 'llama-3.1-8b', gpu: 'a100-80gb' } as const
    const refused = estimateMemory({ ...input, pipelineParallelSize: 33 })
    expect(refused.fits).toBe(false)
    expect(refused.kvCacheTokens).toBe(estimateMemory({ ...input, pipelineParallelSize: 32 }).kvCacheTokens)
  })

  test('whatever is passed, it answers or names the field', () => {
    const anything = fc.record(
      {
        model: fc.constantFrom('llama-3.1-8b', 'mixtral-8x7b-it-v0.1', 'gpt-oss-20b', 'x', undefined),
        gpu: fc.constantFrom('a100-80gb', 't4', 'mi300x', 'x', undefined),
        gpuTotalGiB: fc.oneof(fc.double(), fc.constant(undefined)),
        tensorParallelSize: fc.oneof(fc.integer({ min: -2, max: 20 }), fc.double()),
        pipelineParallelSize: fc.integer({ min: -1, max: 40 }),
        maxModelLength: fc.oneof(fc.integer(), fc.double()),
        maxNumSeqs: fc.integer({ min: -1, max: 5000 }),
        maxNumBatchedTokens: fc.integer({ min: -1, max: 200_000 }),
        gpuMemoryUtilization: fc.double({ min: -1, max: 2 }),
        dtype: fc.oneof(fc.constantFrom('auto', 'half', 'float32'), fc.string()),
        quantization: fc.oneof(fc.constantFrom('fp8', 'awq'), fc.string()),
        vllmVersion: fc.oneof(fc.constantFrom('0.6.6', '0.8.5', '0.19.0'), fc.string()),
        enforceEager: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(anything, (input) => {
        const answer = caught(() => estimateMemory(input as MemoryInput))
        if (answer !== undefined) {
          expect(SizingInputError.is(answer)).toBe(true)
          return
        }
        const { perGpu, kvCacheBlocks, kvCacheTokens, maxConcurrency } = estimateMemory(input as MemoryInput)
        for (const figure of [...Object.values(perGpu), kvCacheBlocks, kvCacheTokens, maxConcurrency])
          expect(Number.isFinite(figure)).toBe(true)
      }),
    )
  })
})

function caught(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}
