import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryQuestions } from '../../test/sizing/arbitrary-questions.js'
import { estimateMemory } from './estimate-memory.js'
import { SizingInputError } from './sizing-input-error.js'
import { smallestGpuCount } from './smallest-gpu-count.js'

describe('smallestGpuCount', () => {
  test('the answer serves the load, and every smaller number is rejected with a reason', () => {
    fc.assert(
      fc.property(arbitraryQuestions, fc.integer({ min: 1, max: 64 }), (question, concurrency) => {
        const { tensorParallelSize: _, ...rest } = question
        const input = { ...rest, maxModelLength: 4096 }
        const { gpuCount, tensorParallelSize, pipelineParallelSize, estimate, rejected } = smallestGpuCount({
          ...input,
          concurrency,
        })
        for (const { reason } of rejected) expect(reason.length).toBeGreaterThan(10)
        if (gpuCount === undefined) return
        expect((tensorParallelSize ?? 0) * (pipelineParallelSize ?? 0)).toBe(gpuCount)
        expect(estimate?.fits).toBe(true)
        expect(estimate?.maxConcurrency).toBeGreaterThanOrEqual(concurrency)
        for (let size = 1; size < Math.min(gpuCount, 8); size += 1) {
          const smaller = estimateMemory({ ...input, tensorParallelSize: size })
          expect(smaller.fits && smaller.maxConcurrency >= concurrency).toBe(false)
          expect(rejected.map((entry) => entry.gpuCount)).toContain(size)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('sizes that vLLM refuses are passed over with its reason', () => {
    const { gpuCount, rejected } = smallestGpuCount({
      model: 'llama-3.1-70b',
      gpu: 'a100-40gb',
      maxModelLength: 8192,
      concurrency: 4,
    })
    expect(gpuCount).toBe(8)
    expect(rejected.find((entry) => entry.gpuCount === 3)?.reason).toMatch(/divisible by tensor parallel size \(3\)/)
    expect(rejected.find((entry) => entry.gpuCount === 4)?.reason).toMatch(
      /requests of 8192 tokens at once, 4 are asked for/,
    )
  })

  test('beyond one machine, groups share the layers', () => {
    expect(smallestGpuCount({ model: 'kimi-k2.5', gpu: 'h100-80gb', maxModelLength: 8192 })).toMatchObject({
      gpuCount: 16,
      tensorParallelSize: 8,
      pipelineParallelSize: 2,
    })
    expect(smallestGpuCount({ model: 'kimi-k2.5', gpu: 'a10g', maxGpuCount: 8 }).gpuCount).toBeUndefined()
  })

  test('a load above the default for --max-num-seqs raises it', () => {
    const found = smallestGpuCount({ model: 'llama-3.1-8b', gpu: 'a100-80gb', maxModelLength: 1024, concurrency: 400 })
    expect(found).toMatchObject({ gpuCount: 1, estimate: { settings: { maxNumSeqs: 400 } } })
  })

  test.each([0, -1, 1.5, Number.NaN])('a concurrency of %s is no question', (concurrency) => {
    const input = { model: 'llama-3.1-8b', gpu: 'a100-80gb', concurrency }
    expect(() => smallestGpuCount(input)).toThrow(SizingInputError)
  })
})
