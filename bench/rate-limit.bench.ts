import { type RateLimitScenario, simulateRateLimit } from '../packages/core/src/testing/simulate-rate-limit.js'
import type { Benchmark, BenchmarkRow } from './benchmark.js'

interface Case {
  readonly name: string
  readonly target?: string
  readonly scenario: Pick<RateLimitScenario, 'limits' | 'isConfigured'>
}

const tokens = { tokensPerMinute: 1_000_000 }
const requests = { requestsPerMinute: 600 }
const cases: readonly Case[] = [
  {
    name: '1,000,000 tokens per minute',
    target: '≥ 97 % used, ≤ 0.5 % over',
    scenario: { limits: tokens, isConfigured: true },
  },
  { name: 'the same, not configured: refusals alone', scenario: { limits: tokens, isConfigured: false } },
  {
    name: '600 requests per minute',
    target: '≥ 97 % used, none refused',
    scenario: { limits: requests, isConfigured: true },
  },
  { name: 'the same, not configured: refusals alone', scenario: { limits: requests, isConfigured: false } },
]

/** Two hundred callers against a server that counts the last minute, in virtual time. */
export const rateLimitBenchmark: Benchmark = {
  name: 'rate-limit',
  async run({ quick }) {
    const rows: BenchmarkRow[] = []
    for (const { name, target, scenario } of cases) {
      const minutes = quick ? 1 : 10
      const result = await simulateRateLimit({ ...scenario, concurrency: 200, minutes, seed: 1 })
      const countsTokens = scenario.limits.tokensPerMinute !== undefined
      rows.push({
        name,
        ...(target !== undefined && { target }),
        cells: [
          `${(100 * (countsTokens ? result.tokenUse : result.requestUse)).toFixed(1)} %`,
          countsTokens ? `${(100 * result.overshoot).toFixed(2)} %` : '–',
          result.accepted.toLocaleString('en'),
          result.refused.toLocaleString('en'),
        ],
      })
    }
    const columns = ['of the limit used', 'most over it in a minute', 'accepted', 'refused']
    return [{ title: 'Rate limits, 200 callers, in virtual time', columns, rows }]
  },
}
