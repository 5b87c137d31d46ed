import { describe, expect, test } from 'vitest'
import * as shapes from '../../test/sizing/architectures.js'
import { estimateMemory } from './estimate-memory.js'
import type { MemoryInput } from './memory-input.js'

describe('layers that share the cache', () => {
  const h100: MemoryInput = {
    gpu: 'h100-80gb',
    gpuTotalGiB: 79.19,
    gpuMemoryUtilization: 0.95,
    vllmVersion: '0.19.0',
    maxModelLength: 8192,
  }

  // llm-d planner's report divides its own figures by the logged ones: the ratio of concurrency to GiB is the layout.
  test.each([
    ['Gemma 3 4B: six groups of window layers and one without, of five', shapes.gemma3_4b, 35 / 34],
    ['Gemma 3 12B: five and one, of eight', shapes.gemma3_12b, 1],
    ['Gemma 3 27B: six and one, of ten, padded from 62 to 70', shapes.gemma3_27b, 70 / 62],
  ])('%s', (_, architecture, padding) => {
    const { maxConcurrency, perGpu, kvCacheBytesPerToken } = estimateMemory({ ...h100, architecture })
    const withoutGroups = (perGpu.kvCacheGiB * 2 ** 30) / (kvCacheBytesPerToken * 8192)
    expect(withoutGroups / maxConcurrency / padding).toBeCloseTo(1, 2)
  })

  test('a window keeps long contexts cheap', () => {
    const at = (maxModelLength: number) => estimateMemory({ ...h100, architecture: shapes.gemma3_27b, maxModelLength })
    expect(at(131_072).maxConcurrency).toBeGreaterThan(at(16_384).maxConcurrency / 4)
    const old = estimateMemory({
      ...h100,
      architecture: shapes.gemma3_27b,
      maxModelLength: 131_072,
      vllmVersion: '0.8.5',
    })
    expect(old.maxConcurrency).toBeLessThan(at(131_072).maxConcurrency / 2)
  })

  test('a model that only has windows keeps the window and the step for a request', () => {
    const { maxConcurrency, kvCacheBlocks, settings } = estimateMemory({
      architecture: shapes.mistral7bV01,
      gpu: 'a100-40gb',
      vllmVersion: '0.11.0',
    })
    const kept = Math.ceil((4096 - 1 + settings.maxNumBatchedTokens) / 16) + 1
    expect(maxConcurrency).toBe(kvCacheBlocks / kept)
  })

  test('blocks beside a fixed-size state are as long as vLLM makes them', () => {
    const { settings, maxConcurrency } = estimateMemory({
      architecture: shapes.qwen3Next,
      gpu: 'h200-141gb',
      tensorParallelSize: 2,
      vllmVersion: '0.11.0',
      kvCacheMemoryGiB: 44.59,
    })
    expect(settings.blockSize).toBe(544)
    expect(maxConcurrency).toBeCloseTo(14.77, 1)
  })

  test('a latent vector is not split over GPUs', () => {
    const question: MemoryInput = { ...h100, architecture: shapes.deepseekV2Lite }
    const bytes = 27 * (512 + 64) * 2
    expect(estimateMemory(question).kvCacheBytesPerToken).toBe(bytes)
    expect(estimateMemory({ ...question, tensorParallelSize: 4 }).kvCacheBytesPerToken).toBe(bytes)
    expect(estimateMemory({ ...question, kvCacheDtype: 'fp8' }).kvCacheBytesPerToken).toBe(bytes / 2)
  })

  test('key and value heads that are too few to split are repeated', () => {
    const at = (tensorParallelSize: number) =>
      estimateMemory({ ...h100, model: 'codegemma-2b', tensorParallelSize }).kvCacheBytesPerToken
    expect([at(1), at(2), at(8)]).toEqual([18_432, 18_432, 18_432])
  })
})
