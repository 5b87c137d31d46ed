import {
  type OutageScenario,
  type SimulatedReplica,
  simulateOutage,
} from '../packages/core/src/testing/simulate-outage.js'
import type { Benchmark, BenchmarkRow } from './benchmark.js'

const good: SimulatedReplica = { answerMs: 200, failureMs: 1, isUp: () => true }
const dead: SimulatedReplica = { ...good, isUp: () => false }

interface Case {
  readonly name: string
  readonly target: string
  readonly scenario: Omit<OutageScenario, 'durationMs'>
  readonly minutes: number
}

const cases: readonly Case[] = [
  {
    name: 'total outage, one deployment of two replicas',
    target: '≤ 1.1 attempts per request',
    scenario: { deployments: [[dead, dead]], requestsPerSecond: 1_000 },
    minutes: 10,
  },
  {
    name: 'the same without circuits: the budget alone',
    target: '≤ 1.1 attempts per request',
    scenario: { deployments: [[dead, dead]], requestsPerSecond: 1_000, failureThreshold: Number.POSITIVE_INFINITY },
    minutes: 10,
  },
  {
    name: 'first of two deployments down',
    target: '≤ 1.1 attempts per request',
    scenario: { deployments: [[dead], [good]], requestsPerSecond: 100 },
    minutes: 10,
  },
  {
    name: 'one of four replicas fails at once',
    target: '≤ 2 % of attempts there',
    scenario: { deployments: [[dead, good, good, good]], requestsPerSecond: 100 },
    minutes: 10,
  },
  {
    name: 'one of four comes and goes every five seconds',
    target: 'no call fails',
    scenario: {
      deployments: [[{ ...good, isUp: (now) => now % 10_000 < 5_000 }, good, good, good]],
      requestsPerSecond: 100,
    },
    minutes: 10,
  },
]

/** The client's own sending loop while servers fail, in virtual time. */
export const outageBenchmark: Benchmark = {
  name: 'outage',
  async run({ quick }) {
    const rows: BenchmarkRow[] = []
    for (const { name, target, scenario, minutes } of cases) {
      const durationMs = (quick ? 0.2 : minutes) * 60_000
      const result = await simulateOutage({ ...scenario, durationMs })
      const times = result.failureTimesMs.toSorted((one, other) => one - other)
      rows.push({
        name,
        target,
        cells: [
          result.requests.toLocaleString('en'),
          (result.totalAttempts / result.requests).toFixed(4),
          `${((100 * (result.attempts[0]?.[0] ?? 0)) / result.totalAttempts).toFixed(2)} %`,
          `${((100 * result.succeeded) / result.requests).toFixed(2)} %`,
          times.length === 0 ? '–' : `${(times[Math.floor(times.length * 0.999)] ?? 0).toFixed(0)} ms`,
        ],
      })
    }
    const columns = ['requests', 'attempts per request', 'on the first replica', 'answered', 'p99.9 time to fail']
    return [{ title: 'Servers that fail, in virtual time', columns, rows }]
  },
}
