import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryQuestions } from '../../test/sizing/arbitrary-questions.js'
import { estimateMemory } from './estimate-memory.js'
import { largestConcurrency } from './largest-concurrency.js'
import type { MemoryInput } from './memory-input.js'

describe('largestConcurrency', () => {
  test('one request more does not fit', () => {
    fc.assert(
      fc.property(arbitraryQuestions, fc.integer({ min: 512, max: 32_768 }), (question, wanted) => {
        const maxModelLength = Math.min(wanted, 16_384)
        const input = { ...question, maxModelLength }
        const { concurrency, maxNumSeqs, estimate } = largestConcurrency(input)
        const holds = (requests: number) => {
          const { fits, maxConcurrency } = estimateMemory({ ...input, maxNumSeqs: requests })
          return fits && maxConcurrency >= requests
        }
        if (concurrency === 0) {
          expect(holds(1)).toBe(false)
          return
        }
        expect(maxNumSeqs).toBe(concurrency)
        expect(holds(concurrency)).toBe(true)
        expect(estimate.maxConcurrency).toBeGreaterThanOrEqual(concurrency)
        expect(holds(concurrency + 1) && concurrency + 1 <= estimate.settings.maxNumBatchedTokens).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  test('a given number of requests in a step is the limit', () => {
    const question: MemoryInput = { model: 'llama-3.1-8b', gpu: 'a100-80gb', maxModelLength: 8192 }
    expect(largestConcurrency({ ...question, maxNumSeqs: 4 })).toMatchObject({ concurrency: 4, maxNumSeqs: 4 })
    expect(largestConcurrency({ ...question, maxNumSeqs: 256 }).concurrency).toBe(
      Math.floor(estimateMemory({ ...question, maxNumSeqs: 256 }).maxConcurrency),
    )
  })
})
