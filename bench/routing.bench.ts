import type { ModelRequest } from '../packages/core/src/model-request.js'
import { LeastLoaded } from '../packages/core/src/routing/least-loaded.js'
import { PrefixAffinity } from '../packages/core/src/routing/prefix-affinity.js'
import { RoundRobin } from '../packages/core/src/routing/round-robin.js'
import type { RoutingStrategy } from '../packages/core/src/routing/routing-strategy.js'
import {
  PerfectRouter,
  type PrefixCacheScenario,
  SimulatedServer,
  simulatePrefixCache,
} from '../packages/core/src/testing/simulate-prefix-cache.js'
import type { Benchmark, BenchmarkTable } from './benchmark.js'
import { median, summarize } from './harness/statistics.js'
import { timePerCall } from './harness/time-per-call.js'

const scenarios: Readonly<Record<string, Omit<PrefixCacheScenario, 'requests'>>> = {
  '8 replicas, small caches': { replicas: 8, concurrency: 64, cacheCharacters: 400_000, repositories: 200, seed: 1 },
  '8 replicas, large caches': { replicas: 8, concurrency: 64, cacheCharacters: 1_200_000, repositories: 40, seed: 2 },
  '4 replicas, few at a time': { replicas: 4, concurrency: 16, cacheCharacters: 400_000, repositories: 100, seed: 3 },
}

/** Which replica gets a request: what the choice costs, and what the servers' prefix caches gain. */
export const routingBenchmark: Benchmark = {
  name: 'routing',
  async run({ quick }) {
    const tables = [timeDecisions(quick)]
    for (const [name, scenario] of Object.entries(scenarios))
      tables.push(compareHits(name, { ...scenario, requests: quick ? 1_000 : 8_000 }))
    return tables
  },
}

function timeDecisions(quick: boolean): BenchmarkTable {
  const options = quick ? { repetitions: 3, repetitionMs: 20 } : { repetitions: 15, repetitionMs: 150 }
  const servers = Array.from({ length: 64 }, (_, index) => new SimulatedServer(`http://gpu-${index}:8000/v1`, 1))
  const prompts = Array.from({ length: 1_000 }, (_, index) => conversation(index))
  const decide = (strategy: RoutingStrategy<SimulatedServer>) => {
    let turn = 0
    return () => {
      turn = (turn + 1) % prompts.length
      return strategy.pick(servers, prompts[turn] as ModelRequest, turn)
    }
  }
  const times = timePerCall(
    {
      'round-robin': decide(new RoundRobin()),
      'least-loaded': decide(new LeastLoaded()),
      'prefix-affinity': decide(new PrefixAffinity()),
    },
    options,
  )
  const rows = [...times].map(([name, own]) => ({
    name,
    ...(name === 'prefix-affinity' && { target: '< 5 µs' }),
    cells: [summarize(own, 0), (1e3 / median(own)).toFixed(3)],
  }))
  const title = 'Choosing one of 64 replicas for a conversation of 8,000 characters'
  return { title, columns: ['ns per choice', 'million/s'], rows }
}

function conversation(index: number): ModelRequest {
  const repository = `${index % 50} `.repeat(2_000).slice(0, 4_000)
  const turns = `${index} `.repeat(2_000).slice(0, 4_000)
  return {
    feature: 'duo-chat',
    messages: [
      { role: 'system', content: repository },
      { role: 'user', content: turns },
    ],
  }
}

function compareHits(name: string, scenario: PrefixCacheScenario): BenchmarkTable {
  const strategies: Readonly<Record<string, RoutingStrategy<SimulatedServer>>> = {
    'sees into every cache': new PerfectRouter(1.25),
    'prefix-affinity': new PrefixAffinity(),
    'least-loaded': new LeastLoaded(),
    'round-robin': new RoundRobin(),
  }
  let best = 0
  const rows = Object.entries(strategies).map(([strategy, router]) => {
    const { hitRate, requestSkew, loadSkew } = simulatePrefixCache(router, scenario)
    best ||= hitRate
    return {
      name: strategy,
      ...(strategy === 'prefix-affinity' && { target: '≥ 95 %, skew ≤ 1.25' }),
      cells: [
        `${(100 * hitRate).toFixed(1)} %`,
        `${((100 * hitRate) / best).toFixed(1)} %`,
        requestSkew.toFixed(2),
        loadSkew.toFixed(2),
      ],
    }
  })
  const columns = ['of the prompts cached', 'of the best', 'skew of requests', 'skew of load']
  return { title: `Prefix caches: ${name}`, columns, rows }
}
