import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryQuestions } from '../../test/sizing/arbitrary-questions.js'
import { estimateMemory } from './estimate-memory.js'
import { largestContext } from './largest-context.js'
import type { MemoryInput } from './memory-input.js'

describe('largestContext', () => {
  test('one token more does not start', () => {
    fc.assert(
      fc.property(arbitraryQuestions, (question) => {
        const { maxModelLength, limitedBy, estimate } = largestContext(question)
        const startsWith = (length: number) => estimateMemory({ ...question, maxModelLength: length }).fits
        if (maxModelLength === 0) {
          expect(startsWith(1)).toBe(false)
          expect(limitedBy).not.toBe('model')
          return
        }
        expect(estimate).toEqual(estimateMemory({ ...question, maxModelLength }))
        expect(estimate.fits).toBe(true)
        expect(startsWith(maxModelLength + 1)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  test('V0 has room for a longer context where it reads prompts in pieces', () => {
    const v0: MemoryInput = { model: 'llama-3.1-8b', gpu: 'rtx-3090', vllmVersion: '0.6.6' }
    expect(largestContext(v0).maxModelLength).toBeGreaterThan(32_768)
    expect(largestContext({ ...v0, enableChunkedPrefill: false }).maxModelLength).toBeLessThan(29_000)
  })

  test('says what limits it', () => {
    expect(largestContext({ model: 'llama-3.1-8b', gpu: 'a100-80gb' })).toMatchObject({
      maxModelLength: 131_072,
      limitedBy: 'model',
    })
    expect(largestContext({ model: 'llama-3.1-8b', gpu: 'a10g' })).toMatchObject({
      maxModelLength: 29_888,
      limitedBy: 'memory',
    })
    expect(largestContext({ model: 'llama-3.1-70b', gpu: 'a10g' })).toMatchObject({
      maxModelLength: 0,
      limitedBy: 'memory',
    })
    expect(largestContext({ model: 'llama-3.1-8b', gpu: 'a10g', tensorParallelSize: 3 })).toMatchObject({
      maxModelLength: 0,
      limitedBy: 'refused',
    })
  })
})
