import { describe, expect, test } from 'vitest'
import * as shapes from '../../test/sizing/architectures.js'
import { estimateMemory } from './estimate-memory.js'
import type { MemoryInput } from './memory-input.js'

const llama: MemoryInput = { model: 'llama-3.1-8b', gpu: 'a100-80gb' }

describe('what vLLM refuses', () => {
  const cases: readonly (readonly [string, MemoryInput, RegExp, RegExp | undefined])[] = [
    [
      'tensor-parallel-invalid',
      { ...llama, tensorParallelSize: 3 },
      /attention heads \(32\) must be divisible by tensor parallel size \(3\)/,
      /size 2\b/,
    ],
    [
      'tensor-parallel-invalid',
      { model: 'codestral-22b-v0.1', gpu: 'a100-80gb', tensorParallelSize: 6 },
      /8 KV heads/,
      /size 4\b/,
    ],
    [
      'tensor-parallel-invalid',
      { architecture: shapes.qwen3_235bFp8, gpu: 'h200-141gb', tensorParallelSize: 8 },
      /192 is not divisible by weight quantization block_n = 128/,
      /expert-parallel/,
    ],
    ['pipeline-parallel-invalid', { ...llama, pipelineParallelSize: 64 }, /32 layers/, /32/],
    [
      'dtype-unsupported',
      { ...llama, gpu: 't4', dtype: 'bfloat16' },
      /Bfloat16 is only supported on GPUs with compute capability of at least 8\.0\. .*7\.5/,
      /half/,
    ],
    ['dtype-unsupported', { ...llama, gpu: 'v100-32gb', vllmVersion: '0.8.5' }, /Bfloat16 .* 7\.0/, /half/],
    [
      'quantization-unsupported',
      { ...llama, gpu: 'v100-32gb', dtype: 'half', quantization: 'fp8' },
      /fp8 is not supported for the current GPU\. Minimum capability: 80\. Current capability: 70/,
      /GPTQ/,
    ],
    [
      'quantization-unsupported',
      { ...llama, gpu: 'v100-32gb', dtype: 'half', quantization: 'awq' },
      /awq .* Minimum capability: 75/,
      /GPTQ/,
    ],
    [
      'quantization-unsupported',
      { ...llama, gpu: 'mi300x', quantization: 'awq' },
      /no such kernels for AMD/,
      undefined,
    ],
    [
      'quantization-contradicts-model',
      { architecture: shapes.qwen3_235bFp8, gpu: 'h200-141gb', tensorParallelSize: 4, quantization: 'awq' },
      /\(fp8\) does not match .* \(awq\)/,
      undefined,
    ],
    ['kv-cache-dtype-unsupported', { ...llama, gpu: 't4', kvCacheDtype: 'fp8' }, /compute capability 8\.0/, /auto/],
    [
      'max-model-length-exceeds-model',
      { ...llama, maxModelLength: 200_000 },
      /max_model_len \(200000\) is greater than the derived max_model_len \(131072\)/,
      /131072/,
    ],
    [
      'batched-tokens-below-sequences',
      { ...llama, maxNumBatchedTokens: 64, maxNumSeqs: 256 },
      /\(64\) must be greater than or equal to max_num_seqs \(256\)/,
      /256/,
    ],
    [
      'batched-tokens-below-context',
      { ...llama, vllmVersion: '0.6.6', maxModelLength: 16_384, maxNumBatchedTokens: 4096 },
      /\(4096\) is smaller than max_model_len \(16384\)/,
      /16384/,
    ],
    [
      'gpu-memory-utilization-too-high',
      { ...llama, gpuMemoryUtilization: 0.999 },
      /less than desired GPU memory utilization/,
      /0\.99/,
    ],
    [
      'memory-too-small',
      { model: 'llama-3.1-70b', gpu: 'a100-80gb' },
      /do not load .* 131\.45 GiB of the 79\.15 GiB/,
      /tensor-parallel-size 2/,
    ],
    [
      'memory-too-small',
      { model: 'codestral-22b-v0.1', gpu: 'rtx-3090', tensorParallelSize: 2 },
      /No available memory for the cache blocks/,
      /tensor-parallel-size 4/,
    ],
    [
      'kv-cache-too-small',
      { ...llama, gpu: 'a10g' },
      /max seq len \(131072\).*16\.00 GiB of KV cache are needed.*GiB are missing/,
      /--max-model-len \d+/,
    ],
    [
      'kv-cache-too-small',
      { ...llama, gpu: 'a10g', vllmVersion: '0.7.2' },
      /larger than the maximum number of tokens that can be stored in KV cache/,
      /largestContext/,
    ],
  ]

  test.each(cases)('%s: %o', (rule, input, message, fix) => {
    const { fits, findings } = estimateMemory(input)
    const finding = findings.find((candidate) => candidate.rule === rule)
    expect(fits).toBe(false)
    expect(finding?.severity).toBe('error')
    expect(finding?.message).toMatch(message)
    if (fix !== undefined) expect(finding?.fix?.description).toMatch(fix)
    expect(finding?.sources.length).toBeGreaterThan(0)
  })

  test.each(cases.filter(([rule]) => rule !== 'quantization-unsupported'))(
    'the patch of %s makes it go away',
    (rule, input) => {
      const patch = estimateMemory(input).findings.find((finding) => finding.rule === rule)?.fix?.patch?.[0]
      if (patch === undefined || patch.op !== 'replace') return
      const patched = estimateMemory({ ...input, [patch.path.slice(1)]: patch.value })
      expect(patched.findings.map((finding) => finding.rule)).not.toContain(rule)
    },
  )

  test('shared out whole, experts need not divide', () => {
    const question: MemoryInput = {
      architecture: shapes.qwen3_235bFp8,
      gpu: 'l40s',
      tensorParallelSize: 8,
      maxModelLength: 32_768,
    }
    expect(estimateMemory(question).fits).toBe(false)
    expect(estimateMemory({ ...question, enableExpertParallel: true }).fits).toBe(true)
  })
})
