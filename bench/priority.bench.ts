import type { SimulatedRequest, SimulationOptions } from '@duo-models/emulator/simulation'
import {
  simulateThroughput,
  type ThroughputResult,
  type ThroughputScenario,
} from '../packages/core/src/testing/simulate-throughput.js'
import type { Benchmark, BenchmarkRow } from './benchmark.js'
import { percentile } from './harness/statistics.js'
import { findSimulationProfile, interactiveArrivals } from './inputs/interactive-arrivals.js'

interface Case {
  readonly name: string
  /** The profile that interactive requests are taken from, and the share of its rate. */
  readonly profile: string
  readonly share: number
  readonly options?: SimulationOptions
}

const server: SimulationOptions = {
  machine: 'a2-highgpu-2g',
  model: 'mistral-7b-it-v0.3',
  jitter: 0.03,
  vllmVersion: '0.11.0',
}

const cases: readonly Case[] = [
  { name: 'code completions and chat, 4 a second', profile: 'mixed-lengths', share: 0.4 },
  { name: 'code completions and chat, 1 a second', profile: 'mixed-lengths', share: 0.1 },
  { name: 'chat, 1.5 a second', profile: 'capacity-step', share: 1 },
  { name: 'conversations, 2 a second', profile: 'conversations', share: 0.5 },
  {
    name: 'code completions and chat, 4 a second, prompts read in pieces of 512',
    profile: 'mixed-lengths',
    share: 0.4,
    options: { maxNumBatchedTokens: 512 },
  },
]

const minuteMs = 60_000
const seeds = [0, 1, 2]

/** Interactive requests with background work beside them, on one simulated server, in virtual time. */
export const priorityBenchmark: Benchmark = {
  name: 'priority',
  async run({ quick }) {
    const minutes = quick ? 4 : 20
    const rows: BenchmarkRow[] = []
    for (const each of cases) rows.push(await measure(each, minutes * minuteMs, quick ? [0] : seeds))
    return [
      {
        title: `Interactive requests beside background work that never ends (${minutes} minutes of virtual time, the first third left out)`,
        columns: [
          'p95 first token alone, ms',
          'with background, ms',
          '×',
          'without priorities, ms',
          'tokens/s alone',
          'with background',
          'background alone',
        ],
        rows,
      },
    ]
  },
}

async function measure({ name, profile, share, options }: Case, maxMs: number, seeds: readonly number[]) {
  const arrivals = interactiveArrivals(findSimulationProfile(profile), share, maxMs)
  const common = {
    options: { ...server, ...options },
    requests: backgroundWork(),
    concurrency: 'adaptive',
    warmUpAnswers: 1,
    answers: Number.POSITIVE_INFINITY,
    maxMs,
  } as const
  const alone = await simulateAll({ ...common, arrivals, callers: 0 }, seeds)
  const together = await simulateAll({ ...common, arrivals, priority: 'background' }, seeds)
  const equal = await simulateAll({ ...common, arrivals, priority: 'interactive' }, seeds)
  const background = await simulateAll({ ...common, priority: 'background' }, seeds)
  return {
    name,
    target: '≤ 1.2 ×',
    cells: [
      p95(alone).toFixed(0),
      p95(together).toFixed(0),
      (p95(together) / p95(alone)).toFixed(2),
      p95(equal).toFixed(0),
      ...[alone, together, background].map((results) => tokensPerSecond(results).toFixed(0)),
    ],
  }
}

function simulateAll(scenario: ThroughputScenario, seeds: readonly number[]): Promise<ThroughputResult[]> {
  return Promise.all(seeds.map((seed) => simulateThroughput({ ...scenario, seed })))
}

/** Chat requests with long answers, one after another. */
function backgroundWork(): SimulatedRequest[] {
  const profile = findSimulationProfile('capacity-step')
  return Array.from({ length: 100 }, (_, index) => profile.workload(1_000 + index)).flatMap((arrivals) =>
    arrivals.map(({ request }) => request),
  )
}

/** Of all waits but those of the first third, in which nothing is learned yet and caches are cold. */
function p95(results: readonly ThroughputResult[]): number {
  const waits = results.flatMap(({ arrivalFirstTokenMs }) =>
    arrivalFirstTokenMs.slice(Math.floor(arrivalFirstTokenMs.length / 3)),
  )
  return percentile(waits, 0.95)
}

function tokensPerSecond(results: readonly ThroughputResult[]): number {
  return results.reduce((sum, { outputTokensPerSecond }) => sum + outputTokensPerSecond, 0) / results.length
}
