import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { systemClock } from '../packages/core/src/scheduling/clock.js'
import { Watchdog } from '../packages/core/src/watchdog.js'
import type { Benchmark, BenchmarkOptions, BenchmarkTable } from './benchmark.js'
import { median, medianRatio, summarize } from './harness/statistics.js'
import { timePerCall } from './harness/time-per-call.js'
import { EagerNodeTimers, LazyNodeTimer, type MeasuredWatchdog } from './inputs/node-timer-watchdogs.js'

const streams = 10_000
const limits = { firstTokenMs: 120_000, interTokenMs: 30_000, totalMs: 600_000 }
const baseline = 'a Node timer per stream, hardly ever re-armed'

const designs: Readonly<Record<string, () => MeasuredWatchdog>> = {
  'duo-models: one timer wheel': () => new Watchdog(limits, systemClock, () => undefined),
  [baseline]: () => new LazyNodeTimer(limits),
  'Node timers, re-armed with every read': () => new EagerNodeTimers(limits),
}

/** What watching the limits of time costs 10,000 streams: per read, per stream, and in memory. */
export const timersBenchmark: Benchmark = {
  name: 'timers',
  async run(options) {
    return [measureReads(options), measureStreams(options)]
  },
}

function measureReads({ quick }: BenchmarkOptions): BenchmarkTable {
  const watchdogs = Object.entries(designs).map(
    ([name, create]) => [name, Array.from({ length: streams }, create)] as const,
  )
  const readAll = (all: readonly MeasuredWatchdog[]) => () => {
    for (const watchdog of all) {
      watchdog.startWaiting()
      watchdog.stopWaiting(true)
    }
  }
  const contenders = Object.fromEntries(watchdogs.map(([name, all]) => [name, readAll(all)]))
  const times = timePerCall(
    contenders,
    quick ? { repetitions: 2, repetitionMs: 20 } : { repetitions: 15, repetitionMs: 150 },
  )
  for (const [, all] of watchdogs) for (const watchdog of all) watchdog.stop()
  return table(`Limits of time, ${streams} streams: per read`, times)
}

function measureStreams({ quick }: BenchmarkOptions): BenchmarkTable {
  const openAll = (create: () => MeasuredWatchdog) => () => {
    const all = Array.from({ length: streams }, create)
    for (const watchdog of all) {
      watchdog.startWaiting()
      watchdog.stopWaiting(true)
    }
    for (const watchdog of all) watchdog.stop()
  }
  const contenders = Object.fromEntries(Object.entries(designs).map(([name, create]) => [name, openAll(create)]))
  const times = timePerCall(
    contenders,
    quick ? { repetitions: 2, repetitionMs: 20 } : { repetitions: 15, repetitionMs: 150 },
  )
  const { columns, rows, title } = table(
    `Limits of time, ${streams} streams: from opening to closing one, with one read`,
    times,
  )
  const bytes = Object.values(designs).map(bytesPerStream)
  return {
    title,
    columns: [...columns, 'heap per stream, bytes'],
    rows: rows.map((row, index) => ({ ...row, cells: [...row.cells, (bytes[index] ?? Number.NaN).toFixed(0)] })),
  }
}

function table(title: string, times: ReadonlyMap<string, readonly number[]>): BenchmarkTable {
  const per = (name: string) => (times.get(name) ?? []).map((time) => time / streams)
  const rows = [...times.keys()].map((name) => ({
    name,
    cells: [summarize(per(name), 0), medianRatio(per(name), per(baseline)).toFixed(2)],
  }))
  return { title, columns: ['ns', '×'], rows }
}

/** Heap of a watchdog that waits, everything it holds included. */
function bytesPerStream(create: () => MeasuredWatchdog): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const samples = Array.from({ length: 5 }, () => {
    collect()
    const before = process.memoryUsage().heapUsed
    const all = Array.from({ length: streams }, create)
    for (const watchdog of all) watchdog.startWaiting()
    collect()
    const bytes = (process.memoryUsage().heapUsed - before) / streams
    for (const watchdog of all) watchdog.stop()
    return bytes
  })
  return median(samples)
}
