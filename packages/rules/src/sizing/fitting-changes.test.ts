import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryQuestions } from '../../test/sizing/arbitrary-questions.js'
import * as shapes from '../../test/sizing/architectures.js'
import { estimateMemory } from './estimate-memory.js'
import { fittingChanges } from './fitting-changes.js'
import type { MemoryInput } from './memory-input.js'

describe('fittingChanges', () => {
  test('every change does what it says, and is worth it', () => {
    fc.assert(
      fc.property(arbitraryQuestions, (question) => {
        const before = estimateMemory(question)
        for (const { settings, fits, kvCacheTokens, gainTokens, maxConcurrency } of fittingChanges(question)) {
          const after = estimateMemory({ ...question, ...settings })
          expect({ fits, kvCacheTokens, maxConcurrency }).toEqual({
            fits: after.fits,
            kvCacheTokens: after.kvCacheTokens,
            maxConcurrency: after.maxConcurrency,
          })
          expect(gainTokens).toBe(Math.max(0, after.kvCacheTokens - before.kvCacheTokens))
          expect(gainTokens > 0 || (after.fits && !before.fits)).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('those that make it start come first, the largest gain first', () => {
    const changes = fittingChanges({ model: 'llama-3.1-8b', gpu: 'a10g' })
    expect(changes.map(({ fits }) => fits)).toEqual(
      [...changes].map(({ fits }) => fits).sort((a, b) => Number(b) - Number(a)),
    )
    expect(changes[0]).toMatchObject({ flags: '--tensor-parallel-size 8', fits: true })
    expect(changes.map(({ flags }) => flags)).toEqual(
      expect.arrayContaining([
        '--max-model-len 29888',
        '--kv-cache-dtype fp8',
        '--quantization fp8',
        '--gpu-memory-utilization 0.95',
        '--max-num-seqs 64',
      ]),
    )
  })

  test('only what the GPU runs', () => {
    const flags = fittingChanges({ architecture: shapes.qwen25_7b, gpu: 'v100-16gb', dtype: 'half' }).map(
      (change) => change.flags,
    )
    expect(flags).toContain('--quantization gptq')
    expect(flags).not.toContain('--quantization fp8')
    expect(flags).not.toContain('--quantization awq')
    expect(flags).not.toContain('--kv-cache-dtype fp8')
  })

  test('where no single change is enough, all together may be', () => {
    const tight: MemoryInput = {
      architecture: shapes.qwen25_7b,
      gpu: 'v100-16gb',
      dtype: 'half',
      quantization: 'gptq',
      maxModelLength: 32_768,
      gpuMemoryUtilization: 0.4,
      vllmVersion: '0.6.6',
    }
    expect(estimateMemory(tight).fits).toBe(false)
    const changes = fittingChanges(tight)
    expect(changes.some(({ fits }) => fits)).toBe(true)
  })

  test('settings that vLLM refuses have no change in memory', () => {
    expect(fittingChanges({ model: 'llama-3.1-8b', gpu: 'a10g', tensorParallelSize: 3 })).toEqual([])
  })
})
