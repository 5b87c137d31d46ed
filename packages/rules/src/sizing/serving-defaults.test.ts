import { describe, expect, test } from 'vitest'
import { estimateMemory } from './estimate-memory.js'
import type { MemoryInput } from './memory-input.js'

const llama: MemoryInput = { model: 'llama-3.1-8b', gpu: 'a100-80gb' }

describe('defaults of vLLM', () => {
  const batch = (input: MemoryInput) => {
    const { maxNumBatchedTokens, maxNumSeqs, engine, gpuMemoryUtilization } = estimateMemory(input).settings
    return [engine, maxNumBatchedTokens, maxNumSeqs, gpuMemoryUtilization]
  }

  test.each([
    ['0.6.3', 'a100-80gb', ['v0', 512, 256, 0.9]],
    ['0.6.6', 'a100-80gb', ['v0', 2048, 256, 0.9]],
    ['0.8.2', 'a100-80gb', ['v1', 2048, 1024, 0.9]],
    ['0.8.4', 'a100-80gb', ['v1', 2048, 256, 0.9]],
    ['0.8.5', 'a100-80gb', ['v1', 8192, 1024, 0.9]],
    ['0.8.5.post1', 'a100-80gb', ['v1', 8192, 1024, 0.9]],
    ['0.9.0', 'a100-80gb', ['v1', 2048, 256, 0.9]],
    ['0.8.4', 'h100-80gb', ['v1', 8192, 1024, 0.9]],
    ['0.11.0', 'h100-80gb', ['v1', 8192, 1024, 0.9]],
    ['0.11.0', 'l40s', ['v1', 2048, 256, 0.9]],
    ['0.10.2', 't4', ['v0', 2048, 256, 0.9]],
    ['0.21.0', 'h100-80gb', ['v1', 8192, 1024, 0.92]],
    [undefined, 'l40s', ['v1', 2048, 256, 0.9]],
  ] as const)('vLLM %s on %s', (vllmVersion, gpu, expected) => {
    expect(batch({ ...llama, gpu, vllmVersion })).toEqual(expected)
  })

  test('V0 without pieces takes a whole prompt in one step, and less above 32,768 tokens', () => {
    const at = (maxModelLength: number) =>
      estimateMemory({ ...llama, gpu: 'rtx-3090', vllmVersion: '0.6.6', maxModelLength })
    expect(at(20_000).settings.maxNumBatchedTokens).toBe(20_000)
    // vllm#10517: 20,000 and 35,000 start, 29,000 does not.
    expect([at(20_000).fits, at(29_000).fits, at(35_000).fits]).toEqual([true, false, true])
  })

  test('CUDA graphs count from 0.21 on, unless they are off', () => {
    const graphs = (input: MemoryInput) => estimateMemory({ ...llama, ...input }).perGpu.cudaGraphsGiB
    expect(graphs({ vllmVersion: '0.20.0' })).toBe(0)
    expect(graphs({ vllmVersion: '0.21.0' })).toBeGreaterThan(0)
    expect(graphs({ vllmVersion: '0.21.0', enforceEager: true })).toBe(0)
  })
})
