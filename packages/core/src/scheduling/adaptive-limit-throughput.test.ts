import type { SimulatedRequest, SimulationOptions } from '@duo-models/emulator/simulation'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../testing/seeded-random.js'
import { simulateThroughput } from '../testing/simulate-throughput.js'

const simulated: SimulationOptions = {
  machine: 'a2-highgpu-2g',
  model: 'mistral-7b-it-v0.3',
  vllmVersion: '0.11.0',
  jitter: 0.03,
}

interface Lengths {
  readonly promptTokens: number
  readonly outputTokens: number
  readonly seed: number
}

/** Requests of lengths from half of the mean to one and a half times as much. */
function requestsOf({ promptTokens, outputTokens, seed }: Lengths): readonly SimulatedRequest[] {
  const random = seededRandom(seed)
  const around = (mean: number): number => Math.round(mean * (0.5 + random()))
  return Array.from({ length: 2_000 }, () => ({
    promptTokens: around(promptTokens),
    outputTokens: around(outputTokens),
  }))
}

/** From the 200th answer on. */
async function tokensPerSecond(options: SimulationOptions, lengths: Lengths, concurrency: 'adaptive' | number) {
  const requests = requestsOf(lengths)
  const scenario = { options, requests, concurrency, warmUpAnswers: 200, answers: 800, maxMs: 3_600_000 }
  const { outputTokensPerSecond, failed } = await simulateThroughput({ ...scenario, seed: lengths.seed })
  expect(failed).toBe(0)
  return outputTokensPerSecond
}

describe('AdaptiveLimit, in front of any server', () => {
  const lengths = fc.record({
    promptTokens: fc.integer({ min: 50, max: 800 }),
    outputTokens: fc.integer({ min: 60, max: 600 }),
    seed: fc.nat(1_000_000),
  })

  it('gets at least 97 % done of what its number of places would', async () => {
    const places = fc.integer({ min: 2, max: 256 })
    await fc.assert(
      fc.asyncProperty(places, fc.boolean(), lengths, async (count, refuses, each) => {
        const options = { ...simulated, ...(refuses ? { maxPendingRequests: count } : { maxNumSeqs: count }) }
        const best = await tokensPerSecond(options, each, count)
        expect(await tokensPerSecond(options, each, 'adaptive')).toBeGreaterThanOrEqual(0.97 * best)
      }),
      { numRuns: 12 },
    )
  }, 60_000)
})
