import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { burstPerformance } from './burst-performance.js'
import { createStepTimeModel } from './create-step-time-model.js'

const models = [
  createStepTimeModel({ model: 'mistral-7b-it-v0.3', gpu: 'a100-40gb', tensorParallelSize: 2 }),
  createStepTimeModel({ model: 'mixtral-8x22b-it-v0.1', gpu: 'a100-80gb', tensorParallelSize: 8 }),
  createStepTimeModel({ model: 'llama-3.1-8b', gpu: 'l4', vllmVersion: '0.11.0' }),
]
const model = fc.constantFrom(...models)
const load = fc.record({
  promptTokens: fc.integer({ min: 1, max: 4000 }),
  outputTokens: fc.integer({ min: 1, max: 2000 }),
  runningLimit: fc.integer({ min: 1, max: 256 }),
  tokensPerStep: fc.constantFrom(2048, 8192),
})
const concurrency = fc.integer({ min: 1, max: 2000 })

describe('burstPerformance', () => {
  test('more requests at once are never faster for any of them', () => {
    fc.assert(
      fc.property(model, load, concurrency, concurrency, (steps, requests, few, more) => {
        const before = burstPerformance(steps, few, requests)
        const after = burstPerformance(steps, few + more, requests)
        for (const figure of [
          'secondsPerRequest',
          'totalSeconds',
          'timeToFirstTokenMs',
          'interTokenLatencyMs',
        ] as const)
          expect(after[figure] * (1 + 1e-9), figure).toBeGreaterThanOrEqual(before[figure])
        expect(after.tokensPerSecondPerRequest).toBeLessThanOrEqual(before.tokensPerSecondPerRequest * (1 + 1e-9))
      }),
    )
  })

  test('longer responses end later, longer prompts never sooner', () => {
    fc.assert(
      fc.property(model, load, concurrency, fc.integer({ min: 1, max: 500 }), (steps, requests, count, longer) => {
        const before = burstPerformance(steps, count, requests)
        const longResponse = { ...requests, outputTokens: requests.outputTokens + longer }
        expect(burstPerformance(steps, count, longResponse).secondsPerRequest).toBeGreaterThan(before.secondsPerRequest)
        // Not always later: a step that reads a handful of tokens takes as long as reading the weights.
        const longPrompt = { ...requests, promptTokens: requests.promptTokens + longer }
        const after = burstPerformance(steps, count, longPrompt)
        expect(after.secondsPerRequest).toBeGreaterThanOrEqual(before.secondsPerRequest)
      }),
    )
  })

  test('the figures agree with each other', () => {
    fc.assert(
      fc.property(model, load, concurrency, (steps, requests, count) => {
        const figures = burstPerformance(steps, count, requests)
        const { secondsPerRequest, totalSeconds, timeToFirstTokenMs } = figures
        expect(figures.tokensPerSecondPerRequest * secondsPerRequest).toBeCloseTo(requests.outputTokens, 6)
        expect((figures.totalTokensPerSecond * totalSeconds) / count).toBeCloseTo(requests.outputTokens, 6)
        expect(timeToFirstTokenMs / 1000).toBeLessThanOrEqual(secondsPerRequest * (1 + 1e-9))
        expect(secondsPerRequest).toBeLessThanOrEqual(totalSeconds * (1 + 1e-9))
      }),
    )
  })

  test('one request is its prompt and its tokens, one step each', () => {
    const [steps] = models
    const { secondsPerRequest, totalSeconds } = burstPerformance(steps as (typeof models)[number], 1, {
      promptTokens: 100,
      outputTokens: 11,
      runningLimit: 256,
      tokensPerStep: 8192,
    })
    const decoding = 10 * (steps?.decodeStepMs(1, 105.5) ?? 0)
    const overhead = steps?.profile.constants.requestOverheadMs.value ?? 0
    expect(secondsPerRequest * 1000).toBeCloseTo(overhead + (steps?.prefillMs(100) ?? 0) + decoding, 6)
    expect(totalSeconds).toBe(secondsPerRequest)
  })
})
