import { describe, expect, test } from 'vitest'
import * as shapes from '../../test/sizing/architectures.js'
import { estimateMemory } from './estimate-memory.js'
import type { MemoryInput } from './memory-input.js'

const llama: MemoryInput = { model: 'llama-3.1-8b', gpu: 'a100-80gb' }

describe('what is good to know', () => {
  const rulesOf = (input: MemoryInput) => estimateMemory(input).findings.map(({ rule }) => rule)

  test('newer versions fall back from bfloat16, FP8 runs as weights only, a licence is repeated', () => {
    const t4 = estimateMemory({ architecture: shapes.qwen25_1_5b, gpu: 't4', vllmVersion: '0.10.2' })
    expect(t4).toMatchObject({ fits: true, settings: { dtype: 'float16', engine: 'v0' } })
    expect(t4.findings.map(({ rule }) => rule)).toContain('dtype-fallback')
    expect(rulesOf({ ...llama, quantization: 'fp8' })).toContain('quantization-weight-only')
    expect(rulesOf({ ...llama, gpu: 'h100-80gb', quantization: 'fp8' })).not.toContain('quantization-weight-only')
    expect(rulesOf({ ...llama, quantization: 'awq' })).toContain('quantization-needs-checkpoint')
    expect(rulesOf({ model: 'codestral-22b-v0.1', gpu: 'a100-80gb' })).toContain('model-licence-restricted')
  })

  test('a close call is a warning', () => {
    const { maxModelLength } = {
      maxModelLength: estimateMemory({ ...llama, gpu: 'a10g', maxModelLength: 8192 }).kvCacheTokens,
    }
    const close = estimateMemory({ ...llama, gpu: 'a10g', maxModelLength })
    expect(close).toMatchObject({ fits: true })
    expect(close.findings.map(({ rule }) => rule)).toContain('memory-margin-small')
    expect(close.headroomGiB).toBeLessThan(0.35)
  })

  test('doubt is stated', () => {
    const moe = estimateMemory({ model: 'mixtral-8x22b-it-v0.1', gpu: 'a100-80gb', tensorParallelSize: 4 })
    expect(moe).toMatchObject({ fits: true, confidence: 'low' })
    expect(moe.findings.find(({ rule }) => rule === 'memory-estimate-uncertain')?.message).toMatch(/expert/)
    expect(estimateMemory(llama)).toMatchObject({ confidence: 'high', basis: 'estimated' })
  })
})
