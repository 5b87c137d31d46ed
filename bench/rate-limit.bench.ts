import {
  type RateLimitResult,
  type RateLimitScenario,
  simulateRateLimit,
} from '../packages/core/src/testing/simulate-rate-limit.js'
import type { Benchmark, BenchmarkRow } from './benchmark.js'

interface Case {
  readonly name: string
  readonly target?: string
  readonly scenario: Omit<RateLimitScenario, 'concurrency' | 'minutes' | 'seed'>
}

const limits = { tokensPerMinute: 1_000_000 }
const requests = { requestsPerMinute: 600 }
const tokenTarget = '≥ 97 % used, ≤ 0.5 % over'
const requestTarget = '≥ 97 % used, none refused'
const cases: readonly Case[] = [
  {
    name: '1,000,000 tokens per minute, configured',
    target: tokenTarget,
    scenario: { limits, learntFrom: 'configuration' },
  },
  { name: 'from headers of answers alone', target: tokenTarget, scenario: { limits, learntFrom: 'headers' } },
  {
    name: 'from headers of streams alone',
    target: tokenTarget,
    scenario: { limits, learntFrom: 'headers', heads: 'at-once' },
  },
  {
    name: 'from headers, answers of up to 4,000 tokens',
    target: tokenTarget,
    scenario: { limits, learntFrom: 'headers', maxOutputTokens: 4_000 },
  },
  {
    name: 'from headers, the server counts up to 1,000 in advance',
    target: tokenTarget,
    scenario: { limits, learntFrom: 'headers', maxOutputTokens: 1_000, countsInAdvance: true },
  },
  {
    name: 'the same, two clients share it',
    scenario: { limits, learntFrom: 'headers', maxOutputTokens: 1_000, countsInAdvance: true, clients: 2 },
  },
  { name: 'from headers, two clients share it', scenario: { limits, learntFrom: 'headers', clients: 2 } },
  {
    name: 'from headers of streams, two clients',
    scenario: { limits, learntFrom: 'headers', clients: 2, heads: 'at-once' },
  },
  { name: 'from headers, halved half way', scenario: { limits, learntFrom: 'headers', laterShare: 0.5 } },
  { name: 'from headers, doubled half way', scenario: { limits, learntFrom: 'headers', laterShare: 2 } },
  { name: 'from refusals alone', scenario: { limits, learntFrom: 'refusals' } },
  {
    name: '600 requests per minute, configured',
    target: requestTarget,
    scenario: { limits: requests, learntFrom: 'configuration' },
  },
  {
    name: 'from headers of answers alone',
    target: requestTarget,
    scenario: { limits: requests, learntFrom: 'headers' },
  },
  { name: 'from headers, two clients share it', scenario: { limits: requests, learntFrom: 'headers', clients: 2 } },
  {
    name: 'from headers of streams, two clients',
    scenario: { limits: requests, learntFrom: 'headers', clients: 2, heads: 'at-once' },
  },
  { name: 'from headers, halved half way', scenario: { limits: requests, learntFrom: 'headers', laterShare: 0.5 } },
  { name: 'from refusals alone', scenario: { limits: requests, learntFrom: 'refusals' } },
]

/** Two hundred callers against a server that counts the last minute, in virtual time. */
export const rateLimitBenchmark: Benchmark = {
  name: 'rate-limit',
  async run({ quick }) {
    const minutes = quick ? 1 : 10
    const rows: BenchmarkRow[] = []
    for (const { name, target, scenario } of cases) {
      const result = await simulateRateLimit({ ...scenario, concurrency: 200, minutes, seed: 1 })
      const countsTokens = scenario.limits.tokensPerMinute !== undefined
      rows.push({ name, ...(target !== undefined && { target }), cells: cellsOf(result, countsTokens) })
    }
    const columns = ['of the limit used', 'most over it in a minute', 'accepted', 'refused']
    return [{ title: 'Rate limits, 200 callers, in virtual time', columns, rows }]
  },
}

function cellsOf(
  { tokenUse, requestUse, overshoot, accepted, refused }: RateLimitResult,
  countsTokens: boolean,
): string[] {
  return [
    `${(100 * (countsTokens ? tokenUse : requestUse)).toFixed(1)} %`,
    countsTokens ? `${(100 * overshoot).toFixed(2)} %` : '–',
    accepted.toLocaleString('en'),
    refused.toLocaleString('en'),
  ]
}
