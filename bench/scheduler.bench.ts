import type { Benchmark, BenchmarkTable } from './benchmark.js'
import { bundleProgram } from './harness/bundle.js'
import { type Child, startChild } from './harness/child.js'
import { installPeers } from './harness/install-peers.js'
import { medianRatio, summarize } from './harness/statistics.js'
import { type SchedulerName, type SchedulerTask, schedulerNames } from './inputs/scheduler-task.js'

const queueLengths = [0, 1_000, 100_000]
const baseline: SchedulerName = 'an array of promises'

/** What it costs a request to wait for its turn, however many others do: joining, being started, being released. */
export const schedulerBenchmark: Benchmark = {
  name: 'scheduler',
  async run({ quick }) {
    const tables: BenchmarkTable[] = []
    for (const queued of queueLengths) tables.push(await measureQueue(queued, quick))
    return tables
  },
}

async function measureQueue(queued: number, quick: boolean): Promise<BenchmarkTable> {
  const program = await bundleProgram('subjects/scheduler.ts')
  const peersFolder = installPeers()
  const children = schedulerNames.map((name) => startChild(program, [name, peersFolder]))
  try {
    return table(queued, await measureInTurn(children, queued, quick))
  } finally {
    await Promise.all(children.map((child) => child.stop()))
  }
}

/**
 * A process that had nothing to do for a while collects all its garbage once. Ours are measured for so long that this is a
 * small part of it, as under steady traffic; the others take tens of microseconds and need not be.
 */
function requestsOf(name: SchedulerName): number {
  return isOurs(name) ? 240_000 : 40_000
}

function isOurs(name: SchedulerName): boolean {
  return name.startsWith('duo-models')
}

/** CPU times of one request in microseconds, for every scheduler. */
async function measureInTurn(children: readonly Child[], queued: number, quick: boolean): Promise<number[][]> {
  const tasks = schedulerNames.map((name): SchedulerTask => ({ requests: quick ? 5_000 : requestsOf(name) }))
  // Starting a child takes a while: it must not take it from the others' measurements.
  for (const [index, child] of children.entries()) await child.ask({ ...tasks[index], queued })
  const times = children.map((): number[] => [])
  for (let repetition = 0; repetition < (quick ? 2 : 7); repetition++)
    for (const [index, child] of children.entries()) times[index]?.push((await child.ask(tasks[index])) as number)
  return times
}

function table(queued: number, times: readonly number[][]): BenchmarkTable {
  const base = times[schedulerNames.indexOf(baseline)] ?? []
  const others =
    queued === 0 ? 'nobody else waiting' : `${queued.toLocaleString('en')} waiting, half of them background work`
  return {
    title: `Joining the queue, being started and released, ${others}`,
    columns: ['CPU µs per request', '×'],
    rows: schedulerNames.map((name, index) => {
      const own = times[index] ?? []
      return {
        name,
        ...(isOurs(name) && { target: '≤ 2 µs' }),
        cells: [summarize(own, 2), medianRatio(own, base).toFixed(2)],
      }
    }),
  }
}
