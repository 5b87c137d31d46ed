import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { incompleteLogs, type StartUpLog, startUpLogs } from '../../test/sizing/start-up-logs.js'
import { estimateMemory } from './estimate-memory.js'
import type { MemoryInput } from './memory-input.js'

type Figure = keyof StartUpLog['logged']

function errors(figure: Figure, logs: readonly StartUpLog[] = startUpLogs): number[] {
  return logs.flatMap(({ input, logged }) => {
    const value = logged[figure]
    return value === undefined ? [] : [Math.abs(estimatedOf(input, figure) / value - 1)]
  })
}

function estimatedOf(input: MemoryInput, figure: Figure): number {
  const estimate = estimateMemory(input)
  return figure in estimate.perGpu
    ? estimate.perGpu[figure as keyof typeof estimate.perGpu]
    : estimate[figure as 'kvCacheTokens' | 'kvCacheBlocks' | 'maxConcurrency']
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

describe('against what vLLM logged at start', () => {
  const withFigure = (figure: Figure) =>
    startUpLogs.filter(({ logged }) => logged[figure] !== undefined).map((log) => [log.name, log] as const)

  test.each(withFigure('weightsGiB'))('weights within 1 %: %s', (_, { input, logged }) => {
    expect(Math.abs(estimatedOf(input, 'weightsGiB') / (logged.weightsGiB ?? 0) - 1)).toBeLessThan(0.01)
  })

  test.each(withFigure('activationGiB'))('activation peak within 8 %: %s', (_, { input, logged }) => {
    expect(Math.abs(estimatedOf(input, 'activationGiB') / (logged.activationGiB ?? 0) - 1)).toBeLessThan(0.08)
  })

  test.each(withFigure('kvCacheTokens'))('tokens within 10 %: %s', (_, { input, logged }) => {
    expect(Math.abs(estimatedOf(input, 'kvCacheTokens') / (logged.kvCacheTokens ?? 0) - 1)).toBeLessThan(0.1)
  })

  test('medians: weights 0.1 %, activation peak 1 %, tokens 1 %, GiB of cache 0.5 %', () => {
    expect(median(errors('weightsGiB'))).toBeLessThan(0.001)
    expect(median(errors('activationGiB'))).toBeLessThan(0.01)
    expect(median(errors('kvCacheTokens'))).toBeLessThan(0.01)
    expect(median(errors('kvCacheGiB'))).toBeLessThan(0.005)
    expect(errors('kvCacheTokens').length).toBeGreaterThanOrEqual(20)
    expect(errors('activationGiB').length).toBeGreaterThanOrEqual(35)
  })

  test('memory outside PyTorch is right to 0.15 GiB', () => {
    for (const { name, input, logged } of startUpLogs)
      if (logged.nonTorchGiB !== undefined)
        expect(Math.abs(estimatedOf(input, 'nonTorchGiB') - logged.nonTorchGiB), name).toBeLessThan(0.15)
  })

  // The logged GiB are rounded to two digits, which is all that separates the arithmetic from the log.
  test.each(startUpLogs.filter(({ logged }) => logged.kvCacheGiB !== undefined && logged.kvCacheTokens !== undefined))(
    'tokens from the logged GiB to the last digit: $name',
    ({ input, logged }) => {
      const half = 0.006
      const tokensAt = (kvCacheMemoryGiB: number) => estimateMemory({ ...input, kvCacheMemoryGiB }).kvCacheTokens
      const kvCacheGiB = logged.kvCacheGiB ?? 0
      expect(tokensAt(kvCacheGiB - half)).toBeLessThanOrEqual(logged.kvCacheTokens ?? 0)
      expect(tokensAt(kvCacheGiB + half)).toBeGreaterThanOrEqual(logged.kvCacheTokens ?? 0)
    },
  )

  test.each(startUpLogs.filter(({ logged }) => logged.maxConcurrency !== undefined))(
    'concurrency as printed: $name',
    ({ input, logged }) => {
      const printed = logged.maxConcurrency ?? 0
      expect(Math.abs(estimateMemory(input).maxConcurrency / printed - 1)).toBeLessThan(0.02)
    },
  )

  test.each(incompleteLogs)('says that it is unsure, or is wrong for a reason: $name', ({ input, logged, doubt }) => {
    expect(doubt).toBeTruthy()
    const estimate = estimateMemory(input)
    expect(Math.abs(estimate.perGpu.weightsGiB / (logged.weightsGiB ?? 0) - 1)).toBeLessThan(0.01)
  })
})

// The smallest of 1, 2, 4 and 8 GPUs whose pool holds 8,192 tokens, with 256 requests and 2,048 tokens a step. Computed
// beforehand with one constant for all linked and unlinked GPUs, hence `nvlink` and the tolerance.
describe('technical minimum of the documented models', () => {
  const minimum: readonly (readonly [
    model: string,
    weightsGiB: number,
    bytesPerToken: number,
    counts: string,
    tokens: readonly number[],
  ])[] = [
    ['mistral-7b-it-v0.2', 13.5, 131_072, '1 1 1 1', [48_582, 177_164, 213_217, 469_495]],
    ['mistral-7b-it-v0.3', 13.5, 131_072, '1 1 1 1', [48_428, 177_009, 213_062, 469_341]],
    ['codestral-22b-v0.1', 41.4, 229_376, '4 2 2 1', [161_638, 130_779, 171_982, 137_411]],
    ['mistral-small-24b-instruct-2506', 44.8, 163_840, '4 2 2 1', [180_232, 149_293, 206_978, 164_710]],
    ['mixtral-8x7b-it-v0.1', 87, 131_072, '8 4 4 2', [532_506, 424_265, 568_477, 440_481]],
    ['mixtral-8x22b-it-v0.1', 262, 229_376, '0 8 8 4', [0, 72_551, 237_364, 91_363]],
    ['llama-3-8b', 15, 131_072, '1 1 1 1', [29_281, 157_863, 193_916, 450_194]],
    ['llama-3.1-8b', 15, 131_072, '1 1 1 1', [29_041, 157_623, 193_676, 449_954]],
    ['llama-3-70b', 131.4, 327_680, '8 4 4 2', [44_167, 12_501, 70_186, 24_803]],
    ['llama-3.1-70b', 131.4, 327_680, '8 4 4 2', [43_399, 12_117, 69_802, 24_611]],
    ['llama-3.3-70b', 131.4, 327_680, '8 4 4 2', [43_399, 12_117, 69_802, 24_611]],
    ['codegemma-2b', 4.7, 18_432, '1 1 1 1', [738_459, 1_652_817, 1_909_194, 3_731_619]],
    ['codegemma-7b-it', 15.9, 458_752, '2 1 1 1', [42_005, 40_112, 50_413, 123_635]],
    ['codegemma-7b-code', 15.9, 458_752, '2 1 1 1', [42_005, 40_112, 50_413, 123_635]],
    ['code-llama-13b', 24.2, 819_200, '2 1 1 1', [18_037, 14_253, 20_022, 61_026]],
    ['deepseek-coder-33b-instruct', 62.1, 253_952, '4 2 2 1', [58_758, 30_812, 68_028, 36_755]],
    ['deepseek-coder-33b-base', 62.1, 253_952, '4 2 2 1', [58_758, 30_812, 68_028, 36_755]],
  ]
  const gpus = ['a10g', 'a100-40gb', 'l40s', 'a100-80gb']

  function smallest(model: string, gpu: string) {
    for (const tensorParallelSize of [1, 2, 4, 8]) {
      const question = { model, gpu, tensorParallelSize, nvlink: true, maxNumSeqs: 256, maxNumBatchedTokens: 2048 }
      const { kvCacheTokens } = estimateMemory(question)
      if (kvCacheTokens >= 8192) return { tensorParallelSize, kvCacheTokens }
    }
    return { tensorParallelSize: 0, kvCacheTokens: 0 }
  }

  test.each(minimum)('%s', (model, weightsGiB, bytesPerToken, counts, tokens) => {
    const alone = estimateMemory({ model, gpu: 'a100-80gb' })
    expect(alone.perGpu.weightsGiB).toBeCloseTo(weightsGiB, 0)
    expect(alone.kvCacheBytesPerToken).toBe(bytesPerToken)
    const found = gpus.map((gpu) => smallest(model, gpu))
    expect(found.map(({ tensorParallelSize }) => tensorParallelSize).join(' ')).toBe(counts)
    for (const [index, { kvCacheTokens }] of found.entries()) {
      const expected = tokens[index] ?? 0
      expect(Math.abs(kvCacheTokens - expected)).toBeLessThanOrEqual(0.1 * expected)
    }
  })
})

describe('monotone where physics is', () => {
  const models = fc.constantFrom(
    'llama-3.1-8b',
    'mixtral-8x7b-it-v0.1',
    'codegemma-7b-it',
    'gpt-oss-20b',
    'gemma-4-31b-it',
    'qwen3.6-35b-a3b',
    'kimi-k2.5',
  )
  // Defaults change with the size of the card and, on V0, with the context: what is compared has to be fixed.
  const questions = fc.record({
    model: models,
    gpu: fc.constantFrom('a100-80gb', 'l40s', 'h200-141gb'),
    tensorParallelSize: fc.constantFrom(1, 2, 4, 8),
    maxNumSeqs: fc.integer({ min: 1, max: 1024 }),
    maxNumBatchedTokens: fc.integer({ min: 1024, max: 16_384 }),
    gpuMemoryUtilization: fc.double({ min: 0.3, max: 0.97, noNaN: true }),
    vllmVersion: fc.constantFrom('0.8.5', '0.10.2', '0.16.0', '0.19.0', '0.22.0'),
    kvCacheDtype: fc.constantFrom('auto' as const, 'fp8' as const),
    enableChunkedPrefill: fc.constant(true),
  })
  const lengths = fc.integer({ min: 16, max: 8192 })
  const more = fc.integer({ min: 0, max: 131_072 })

  test('more memory never fits less', () => {
    const total = fc.double({ min: 10, max: 200, noNaN: true })
    fc.assert(
      fc.property(questions, lengths, total, total, (question, maxModelLength, one, other) => {
        const at = (gpuTotalGiB: number) => estimateMemory({ ...question, maxModelLength, gpuTotalGiB })
        const [small, large] = [at(Math.min(one, other)), at(Math.max(one, other))]
        expect(large.kvCacheBlocks).toBeGreaterThanOrEqual(small.kvCacheBlocks)
        expect(large.maxConcurrency).toBeGreaterThanOrEqual(small.maxConcurrency)
        if (small.fits) expect(large.fits).toBe(true)
      }),
    )
  })

  test('a longer context never gives more concurrency, nor starts where a shorter one does not', () => {
    fc.assert(
      fc.property(questions, lengths, more, (question, maxModelLength, further) => {
        const short = estimateMemory({ ...question, maxModelLength })
        const long = estimateMemory({ ...question, maxModelLength: maxModelLength + further })
        expect(long.maxConcurrency).toBeLessThanOrEqual(short.maxConcurrency)
        if (long.fits) expect(short.fits).toBe(true)
      }),
    )
  })

  test('more requests or more tokens in a step never leave more cache', () => {
    fc.assert(
      fc.property(questions, fc.integer({ min: 0, max: 4096 }), (question, further) => {
        const base = estimateMemory(question)
        const batch = question.maxNumBatchedTokens + further
        const more = { ...question, maxNumBatchedTokens: batch, maxNumSeqs: question.maxNumSeqs + further }
        expect(estimateMemory({ ...question, maxNumBatchedTokens: batch }).kvCacheBlocks).toBeLessThanOrEqual(
          base.kvCacheBlocks,
        )
        expect(estimateMemory(more).kvCacheBlocks).toBeLessThanOrEqual(base.kvCacheBlocks)
      }),
    )
  })

  test('the parts add up to what was requested', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { perGpu, kvCacheBlocks } = estimateMemory(question)
        if (kvCacheBlocks === 0) return
        const { weightsGiB, activationGiB, nonTorchGiB, cudaGraphsGiB, kvCacheGiB, requestedGiB, freeGiB, totalGiB } =
          perGpu
        expect(weightsGiB + activationGiB + nonTorchGiB + cudaGraphsGiB + kvCacheGiB).toBeCloseTo(requestedGiB, 9)
        expect(requestedGiB + freeGiB).toBeCloseTo(totalGiB, 9)
      }),
    )
  })
})
