import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createStepTimeModel } from './create-step-time-model.js'
import type { RequestLoad } from './performance-figures.js'
import { steadyCapacity, steadyPerformance } from './steady-performance.js'
import type { StepTimeModel } from './step-time-model.js'

const cases = [
  {
    name: 'short prompts on one GPU',
    model: createStepTimeModel({ model: 'mistral-7b-it-v0.3', gpu: 'a100-80gb' }),
    load: { promptTokens: 500, outputTokens: 150, runningLimit: 64, tokensPerStep: 8192 },
  },
  {
    name: 'a mixture of experts on four',
    model: createStepTimeModel({ model: 'mixtral-8x7b-it-v0.1', gpu: 'a100-80gb', tensorParallelSize: 4 }),
    load: { promptTokens: 1000, outputTokens: 200, runningLimit: 256, tokensPerStep: 8192 },
  },
  {
    name: 'long prompts, short responses',
    model: createStepTimeModel({ model: 'codestral-22b-v0.1', gpu: 'h100-80gb' }),
    load: { promptTokens: 2000, outputTokens: 60, runningLimit: 128, tokensPerStep: 8192 },
  },
] as const

describe('steadyPerformance', () => {
  for (const { name, model, load } of cases)
    test.each([0.1, 0.5, 0.8])(`agrees with a simulation of the engine: ${name}, at %d of the capacity`, (share) => {
      const rate = share * steadyCapacity(model, load)
      const predicted = steadyPerformance(model, rate, load)
      const simulated = simulate(model, rate, load, 1200)
      expect(predicted.secondsPerRequest / simulated.secondsPerRequest).toBeGreaterThan(0.88)
      expect(predicted.secondsPerRequest / simulated.secondsPerRequest).toBeLessThan(1.12)
      expect(predicted.timeToFirstTokenMs / simulated.timeToFirstTokenMs).toBeGreaterThan(0.75)
      expect(predicted.timeToFirstTokenMs / simulated.timeToFirstTokenMs).toBeLessThan(1.33)
    })

  test('a higher rate is never faster, up to the capacity and beyond', () => {
    const load = fc.record({
      promptTokens: fc.integer({ min: 1, max: 4000 }),
      outputTokens: fc.integer({ min: 1, max: 1000 }),
      runningLimit: fc.integer({ min: 1, max: 512 }),
      tokensPerStep: fc.constantFrom(2048, 8192),
    })
    const share = fc.double({ min: 1e-6, max: 2, noNaN: true })
    fc.assert(
      fc.property(fc.constantFrom(...cases), load, share, share, ({ model }, requests, first, second) => {
        const capacity = steadyCapacity(model, requests)
        const [low, high] = [Math.min(first, second), Math.max(first, second)]
        const slow = steadyPerformance(model, low * capacity, requests)
        const fast = steadyPerformance(model, high * capacity, requests)
        for (const figure of ['secondsPerRequest', 'timeToFirstTokenMs', 'interTokenLatencyMs', 'concurrency'] as const)
          expect(fast[figure] * (1 + 1e-6), figure).toBeGreaterThanOrEqual(slow[figure])
        expect(fast.totalTokensPerSecond * (1 + 1e-9)).toBeGreaterThanOrEqual(slow.totalTokensPerSecond)
      }),
    )
  })

  test('the number of requests in the server is rate × time (Little)', () => {
    for (const { model, load } of cases) {
      const rate = 0.6 * steadyCapacity(model, load)
      const { concurrency, secondsPerRequest } = steadyPerformance(model, rate, load)
      expect(concurrency).toBeCloseTo(rate * secondsPerRequest, 9)
    }
  })

  test('next to no load is one request on an idle server', () => {
    for (const { model, load } of cases) {
      const { secondsPerRequest, concurrency } = steadyPerformance(model, 1e-6, load)
      const { promptTokens, outputTokens } = load
      const alone =
        model.profile.constants.requestOverheadMs.value +
        model.prefillMs(promptTokens) +
        (outputTokens - 1) * model.decodeStepMs(1, promptTokens + outputTokens / 2)
      expect(secondsPerRequest / (alone / 1000)).toBeCloseTo(1, 1)
      expect(concurrency).toBeLessThan(0.001)
    }
  })
})

interface Running {
  readonly arrivedMs: number
  left: number
  context: number
}

/** Continuous batching step by step in virtual time: waiting prompts first, then a token for everyone. */
function simulate(model: StepTimeModel, requestsPerSecond: number, load: RequestLoad, requests: number) {
  const arrivals = arrivalTimes(requestsPerSecond, requests)
  const waiting: number[] = []
  const latencies: number[] = []
  const firstTokens: number[] = []
  const together = Math.max(1, Math.floor(load.tokensPerStep / load.promptTokens))
  let running: Running[] = []
  let now = 0
  let next = 0
  while (latencies.length < requests) {
    while (next < requests && (arrivals[next] ?? 0) <= now) waiting.push(arrivals[next++] ?? 0)
    const started = waiting.splice(0, Math.min(load.runningLimit - running.length, together))
    if (started.length > 0) {
      now += model.prefillMs(started.length * load.promptTokens, started.length)
      for (const arrivedMs of started) {
        firstTokens.push(now - arrivedMs)
        running.push({ arrivedMs, left: load.outputTokens - 1, context: load.promptTokens })
      }
    } else if (running.length === 0) now = arrivals[next] ?? now
    else {
      now += model.decodeStepMs(
        running.length,
        running.reduce((sum, { context }) => sum + context, 0),
      )
      for (const request of running) {
        request.left -= 1
        request.context += 1
        if (request.left === 0) latencies.push(now - request.arrivedMs)
      }
      running = running.filter(({ left }) => left > 0)
    }
  }
  const overhead = model.profile.constants.requestOverheadMs.value
  return {
    secondsPerRequest: (meanAfterStart(latencies) + overhead) / 1000,
    timeToFirstTokenMs: meanAfterStart(firstTokens) + overhead,
  }
}

function arrivalTimes(requestsPerSecond: number, requests: number): number[] {
  let at = 0
  let state = 42
  return Array.from({ length: requests }, () => {
    // Park and Miller's generator: the same arrivals in every run.
    state = (state * 48_271) % 2_147_483_647
    at += (-Math.log(state / 2_147_483_647) / requestsPerSecond) * 1000
    return at
  })
}

// The server is emptier at the beginning than later.
function meanAfterStart(values: readonly number[]): number {
  const settled = values.slice(Math.floor(values.length / 10))
  return settled.reduce((sum, value) => sum + value, 0) / settled.length
}
