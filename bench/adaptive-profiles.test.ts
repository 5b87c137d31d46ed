import { simulationProfiles } from '@duo-models/emulator/simulation'
import { describe, expect, it } from 'vitest'
import { simulateThroughput } from '../packages/core/src/testing/simulate-throughput.js'
import { meanThroughput } from './harness/mean-throughput.js'
import { percentile } from './harness/statistics.js'
import { throughputCase } from './inputs/throughput-case.js'

/** The best settings that the benchmark `concurrency` finds, for each replica; the others are places and refusals. */
const best: Readonly<Record<string, readonly number[]>> = {
  'mixed-lengths': [136, 146],
  'rejecting-server': [32],
  'unlimited-queue': [32],
  'cache-pressure': [13, 14, 15],
}
const places: readonly number[] = [252, 256]

async function run(profile: string, workload: number, concurrency: 'adaptive' | number) {
  const { measuredFromMs, ...scenario } = throughputCase(profile, workload)
  const result = await simulateThroughput({ ...scenario, concurrency })
  const { samples, outputTokensPerSecond, firstTokenMs } = result
  return {
    tokensPerSecond: measuredFromMs === undefined ? outputTokensPerSecond : meanThroughput(samples, measuredFromMs),
    p95FirstTokenMs: percentile(firstTokenMs, 0.95),
  }
}

describe.each(simulationProfiles.map(({ name }) => name))(
  'the limit that a client finds by itself in %s',
  (profile) => {
    // In virtual time: the same figures on every machine.
    it('gets at least 97 % of the best fixed one done, with first tokens within 1.15 times its wait', async () => {
      const fixed = await Promise.all((best[profile] ?? places).map((level) => run(profile, 0, level)))
      const [fastest] = fixed.toSorted((one, other) => other.tokensPerSecond - one.tokensPerSecond)
      const ours = await run(profile, 0, 'adaptive')
      expect(ours.tokensPerSecond).toBeGreaterThanOrEqual(0.97 * (fastest?.tokensPerSecond ?? Number.NaN))
      expect(ours.p95FirstTokenMs).toBeLessThanOrEqual(1.15 * (fastest?.p95FirstTokenMs ?? Number.NaN))
    })
  },
)
