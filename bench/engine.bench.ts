import { pathToFileURL } from 'node:url'
import type { Benchmark, BenchmarkRow, BenchmarkTable } from './benchmark.js'
import { bundleProgram } from './harness/bundle.js'
import { median, summarize } from './harness/statistics.js'

type Subject = typeof import('./subjects/simulated-burst.js')

/** The emulator's engine in virtual time: the documented response times beside its own, and what a simulation costs. */
export const engineBenchmark: Benchmark = {
  name: 'engine',
  async run({ quick }) {
    const subject: Subject = await import(pathToFileURL(await bundleProgram('subjects/simulated-burst.ts')).href)
    return [documentedTimes(subject), errors(subject), costs(subject, quick), profiles(subject, quick)]
  },
}

type SimulatedRow = ReturnType<Subject['simulatedRows']>[number]
type Figure = keyof SimulatedRow['simulated']

function errorOf({ row, simulated }: SimulatedRow, figure: Figure): number {
  return simulated[figure] / row[figure] - 1
}

function percent(share: number): string {
  return `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)} %`
}

function documentedTimes({ simulatedRows }: Subject): BenchmarkTable {
  const rows = simulatedRows().map((simulatedRow) => {
    const { row, simulated } = simulatedRow
    const cells = (figure: Figure, digits: number) => [
      row[figure].toFixed(digits),
      simulated[figure].toFixed(digits),
      percent(errorOf(simulatedRow, figure)),
    ]
    return {
      name: `${row.machine} ${row.model} × ${row.requests}`,
      cells: [
        ...cells('secondsPerRequest', 2),
        ...cells('tokensPerSecondPerRequest', 1),
        ...cells('totalSeconds', 2),
        ...cells('totalTokensPerSecond', 0),
      ],
    }
  })
  const columns = ['s/request', 'tokens/s each', 's in total', 'tokens/s in total'].flatMap((name) => [
    name,
    'simulated',
    'error',
  ])
  return { title: 'Documented response times and the same bursts in the simulated engine', columns, rows }
}

/** The documented rows of 8x7B on the medium machine do not agree with one another. */
const isInconsistent = ({ row }: SimulatedRow) => row.machine === 'medium' && row.model.startsWith('mixtral-8x7b')

function errors({ simulatedRows }: Subject): BenchmarkTable {
  const all = simulatedRows()
  const errorRow = (name: string, rows: readonly SimulatedRow[], target?: string): BenchmarkRow => ({
    name,
    ...(target !== undefined && { target }),
    cells: (['secondsPerRequest', 'tokensPerSecondPerRequest', 'totalSeconds', 'totalTokensPerSecond'] as const).map(
      (figure) => {
        const sizes = rows.map((row) => Math.abs(errorOf(row, figure)))
        return `${(median(sizes) * 100).toFixed(1)} / ${(Math.max(...sizes) * 100).toFixed(1)} %`
      },
    ),
  })
  return {
    title: 'Errors of the simulated engine: median / largest',
    columns: ['s/request', 'tokens/s each', 's in total', 'tokens/s in total'],
    rows: [
      errorRow('all 18 rows', all, '≤ 10 % median'),
      errorRow(
        'without 8x7B on the medium machine',
        all.filter((row) => !isInconsistent(row)),
      ),
      errorRow('8x7B on the medium machine', all.filter(isInconsistent)),
    ],
  }
}

const loads = [
  { name: 'completions, 30 tokens, 10 at once', concurrency: 10, outputTokens: 30 },
  { name: 'answers of 100 tokens, 100 at once', concurrency: 100, outputTokens: 100 },
  { name: 'answers of 700 tokens, 100 at once', concurrency: 100, outputTokens: 700 },
  { name: 'answers of 700 tokens, one at a time', concurrency: 1, outputTokens: 700 },
]

function costs({ simulateLoad }: Subject, quick: boolean): BenchmarkTable {
  const [repetitions, tokens] = quick ? [2, 100_000] : [7, 2_000_000]
  const rows = loads.map(({ name, concurrency, outputTokens }) => {
    const runs = Array.from({ length: repetitions }, () => simulateLoad(concurrency, outputTokens, tokens))
    return {
      name,
      ...(concurrency > 1 && { target: '≥ 10,000' }),
      cells: [
        summarize(
          runs.map(({ requests, cpuSeconds }) => requests / cpuSeconds),
          0,
        ),
        summarize(
          runs.map((run) => (run.cpuSeconds * 1e9) / (run.requests * run.outputTokens)),
          0,
        ),
      ],
    }
  })
  return { title: 'Cost of a simulation, one server', columns: ['requests per CPU second', 'ns per token'], rows }
}

function profiles({ simulationProfiles, runSimulationProfile }: Subject, quick: boolean): BenchmarkTable {
  const repetitions = quick ? 1 : 10
  const rows = simulationProfiles.map((profile) => {
    const start = process.cpuUsage()
    const results = Array.from({ length: repetitions }, (_, seed) => runSimulationProfile(profile, { seed }))
    const { user, system } = process.cpuUsage(start)
    const middle = (value: (result: (typeof results)[number]) => number) => median(results.map(value))
    const failures = middle(({ failed }) => failed.rejected + failed['replica-down'])
    return {
      name: profile.name,
      cells: [
        middle(({ completed }) => completed).toFixed(0),
        failures.toFixed(0),
        middle(({ timeToFirstTokenMs }) => timeToFirstTokenMs.p50).toFixed(0),
        middle(({ timeToFirstTokenMs }) => timeToFirstTokenMs.p99).toFixed(0),
        (middle(({ endToEndLatencyMs }) => endToEndLatencyMs.p50) / 1000).toFixed(1),
        (middle(({ endToEndLatencyMs }) => endToEndLatencyMs.p99) / 1000).toFixed(1),
        Math.round((repetitions * 60e6) / (user + system)).toLocaleString('en'),
      ],
    }
  })
  const columns = ['answered', 'failed', 'TTFT p50 ms', 'p99', 's/request p50', 'p99', 'runs per CPU minute']
  return { title: 'Profiles of a minute each, without retries', columns, rows }
}
