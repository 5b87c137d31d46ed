import { join } from 'node:path'
import { simulationProfiles } from '@duo-models/emulator/simulation'
import type { Benchmark, BenchmarkOptions, BenchmarkRow, BenchmarkTable } from './benchmark.js'
import { bundleProgram } from './harness/bundle.js'
import { ChildPool } from './harness/child-pool.js'
import { bestSetting, type SweptSetting, sweepConcurrency, throughputOf, waitOf } from './harness/concurrency-sweep.js'
import { installPeers } from './harness/install-peers.js'
import { geometricMean, median, medianRatio } from './harness/statistics.js'
import { commonLevels, concurrencyLevels } from './inputs/concurrency-levels.js'
import type { BacklogFigures } from './inputs/simulated-backlog.js'
import { throughputCase } from './inputs/throughput-case.js'
import { writeConcurrencyPlots } from './plots/write-concurrency-plots.js'
import type { QueueLibrary, QueueLibraryTask } from './subjects/queue-libraries.js'
import type { ThroughputFigures, ThroughputTask } from './subjects/throughput.js'

const profiles = simulationProfiles.map(({ name }) => name)

interface Thoroughness {
  readonly levels: readonly number[]
  readonly seeds: readonly number[]
}

const thorough: Thoroughness = { levels: concurrencyLevels(), seeds: [0, 1, 2] }
const quickly: Thoroughness = { levels: [...commonLevels, 14, 136], seeds: [0] }

/** What one set of workloads showed of a profile. */
interface ProfileFigures {
  readonly profile: string
  readonly fixed: readonly SweptSetting<ThroughputFigures>[]
  readonly best: SweptSetting<ThroughputFigures>
  readonly ours: readonly ThroughputFigures[]
}

/** The limit that a client finds by itself, beside every fixed one and beside queues of others, in virtual time. */
export const concurrencyBenchmark: Benchmark = {
  name: 'concurrency',
  async run(options) {
    const pool = new ChildPool(await bundleProgram('subjects/throughput.ts'))
    try {
      return await measure(pool, options)
    } finally {
      await pool.stop()
    }
  },
}

async function measure(pool: ChildPool, { quick, plots }: BenchmarkOptions): Promise<readonly BenchmarkTable[]> {
  const thoroughness = quick ? quickly : thorough
  const { seeds, levels } = thoroughness
  const figures = await measureProfiles(pool, profiles, { workload: 0, levels, seeds })
  if (plots === true) await writeConcurrencyPlots(pool, figures)
  const tables = [adaptiveTable(figures, 'one set of workloads')]
  if (quick) tables.push(await wholeTable(pool, figures, { workload: 0, ...thoroughness }))
  else tables.push(...(await measureFurther(pool, figures)))
  tables.push(fixedTable(figures), await librariesTable(figures, thoroughness))
  return tables
}

/** Other workloads, and longer runs. */
async function measureFurther(pool: ChildPool, figures: readonly ProfileFigures[]): Promise<BenchmarkTable[]> {
  const { levels, seeds } = thorough
  const others = { workload: otherWorkload, levels: someLevels(levels, 3, figures), seeds }
  const elsewhere = await measureProfiles(pool, profiles, others)
  const settings = {
    workload: 0,
    levels: someLevels(levels, 5, figures),
    seeds: seeds.slice(0, 1),
    answers: longAnswers,
  }
  const long = await measureProfiles(pool, steadyProfiles, settings)
  const timed = figures.filter(({ profile }) => !steadyProfiles.includes(profile))
  return [
    adaptiveTable(elsewhere, 'other workloads'),
    adaptiveTable(long, `${longAnswers} answers of each replica`),
    await wholeTable(pool, [...long, ...timed], { ...settings, seeds }),
  ]
}

/** Workloads that the limit was not developed with. */
const otherWorkload = 1_000
/** Those that nothing happens to at a time. */
const steadyProfiles = profiles.filter((name) => throughputCase(name, 0).measuredFromMs === undefined)
/** Of requests that began together the short ones are answered first: a longer run shows what the first answers hide. */
const longAnswers = 2_000

interface SweepSettings extends Thoroughness {
  /** The first seed of the workloads. */
  readonly workload: number
  readonly answers?: number
}

/** Every so many of the settings, what people set, and the best ones of all profiles. */
function someLevels(levels: readonly number[], every: number, figures: readonly ProfileFigures[]): readonly number[] {
  const special = [...commonLevels, ...figures.map(({ best }) => best.level)]
  return levels.filter((level, index) => index % every === 0 || special.includes(level))
}

async function measureProfiles(
  pool: ChildPool,
  names: readonly string[],
  { workload, levels, seeds, answers }: SweepSettings,
): Promise<readonly ProfileFigures[]> {
  const fixed = await sweepConcurrency<ThroughputFigures>({
    profiles: names,
    levels,
    seeds,
    alwaysWithAllSeeds: commonLevels,
    run: (questions) =>
      pool.askAll<ThroughputTask, ThroughputFigures>(
        questions.map(({ level, ...question }) => ({ ...question, workload, answers, concurrency: level })),
      ),
  })
  const ours = await runEach(pool, names, seeds, (profile, seed) => {
    return { profile, workload, seed, answers, concurrency: 'adaptive' }
  })
  return names.map((profile): ProfileFigures => {
    const settings = fixed.get(profile) ?? []
    return { profile, fixed: settings, best: bestSetting(settings), ours: ours.get(profile) ?? [] }
  })
}

/** Runs something on profiles with every seed; by profile. */
async function runEach(
  pool: ChildPool,
  names: readonly string[],
  seeds: readonly number[],
  taskOf: (profile: string, seed: number) => ThroughputTask,
): Promise<ReadonlyMap<string, readonly ThroughputFigures[]>> {
  const tasks = names.flatMap((profile) => seeds.map((seed) => taskOf(profile, seed)))
  const figures = await pool.askAll<ThroughputTask, ThroughputFigures>(tasks)
  return new Map(
    names.map((profile, index) => [profile, figures.slice(index * seeds.length, (index + 1) * seeds.length)]),
  )
}

const throughputTarget = 0.97
const waitTarget = 1.15

function adaptiveTable(figures: readonly ProfileFigures[], what: string): BenchmarkTable {
  const rows = figures.map(({ profile, best, ours }): BenchmarkRow => {
    const shares = ours.map((run, index) => run.tokensPerSecond / (best.runs[index]?.tokensPerSecond ?? Number.NaN))
    const wait = waitOf({ runs: ours }) / waitOf(best)
    const hasMissed = median(shares) < throughputTarget || wait > waitTarget
    return {
      name: profile,
      target: '≥ 97 %, ≤ 1.15 ×',
      cells: [
        String(best.level),
        throughputOf(best).toFixed(0),
        waitOf(best).toFixed(0),
        `${(100 * median(shares)).toFixed(1)} %`,
        `${(100 * Math.min(...shares)).toFixed(1)} %`,
        `${wait.toFixed(2)} ×`,
        ours.map(({ limit }) => limit).join(' / '),
        String(median(ours.map(({ refused }) => refused))),
        hasMissed ? 'missed' : '',
      ],
    }
  })
  const columns = ['best n', 'tokens/s', 'p95 TTFT ms', 'ours', 'lowest', 'p95 TTFT', 'limit at the end', 'refused', '']
  return { title: `Adaptive concurrency and the best fixed one, ${what}`, columns, rows }
}

function fixedTable(figures: readonly ProfileFigures[]): BenchmarkTable {
  const ratios = figures.map(({ fixed, ours }) =>
    commonLevels.map((wanted) => {
      const setting = fixed.find(({ level }) => level === wanted)
      return medianRatio(throughputs(ours), throughputs(setting?.runs ?? []))
    }),
  )
  const means = commonLevels.map((_, column) => geometricMean(ratios.map((row) => row[column] ?? Number.NaN)))
  const rows = figures.map(({ profile }, index) => ({ name: profile, cells: (ratios[index] ?? []).map(times) }))
  const name = 'geometric mean of the profiles'
  return {
    title: 'Tokens per second, adaptive over fixed settings',
    columns: commonLevels.map(String),
    rows: [
      ...rows,
      { name, cells: means.map(times) },
      { name: 'of all pairs', target: '≥ 1.5 ×', cells: [times(geometricMean(ratios.flat()))] },
    ],
  }
}

/** A fixed setting treats whole answers like streams, so the fastest one is known. */
async function wholeTable(
  pool: ChildPool,
  figures: readonly ProfileFigures[],
  { workload, seeds, answers }: SweepSettings,
): Promise<BenchmarkTable> {
  const names = figures.map(({ profile }) => profile)
  const common = { workload, answers, wanted: 'either' } as const
  const fastest = new Map(figures.map(({ profile, fixed }) => [profile, fastestOf(fixed)]))
  const fixed = await runEach(pool, names, seeds, (profile, seed) => {
    return { ...common, profile, seed, concurrency: fastest.get(profile) ?? Number.NaN }
  })
  const runOurs = (reportsLoad: boolean) =>
    runEach(pool, names, seeds, (profile, seed) => {
      return { ...common, profile, seed, concurrency: 'adaptive', reportsLoad }
    })
  const variants = [await runOurs(true), await runOurs(false)]
  const rows = names.map((profile) => {
    const cells = variants.flatMap((ours) => {
      const runs = ours.get(profile) ?? []
      const share = medianRatio(throughputs(runs), throughputs(fixed.get(profile) ?? []))
      return [`${(100 * share).toFixed(1)} %`, runs.map(({ limit }) => limit).join(' / ')]
    })
    return { name: profile, cells: [String(fastest.get(profile)), ...cells] }
  })
  const title = 'Whole answers: tokens per second beside the fastest fixed setting'
  const columns = ['fastest n', 'ours, load reported', 'limit at the end', 'ours, no load reported', 'limit at the end']
  return { title, columns, rows }
}

function fastestOf(settings: readonly SweptSetting<ThroughputFigures>[]): number {
  const [fastest] = settings.toSorted((one, other) => throughputOf(other) - throughputOf(one))
  return fastest?.level ?? Number.NaN
}

async function librariesTable(
  figures: readonly ProfileFigures[],
  { levels, seeds }: Thoroughness,
): Promise<BenchmarkTable> {
  const nodePaths = [join(installPeers(), 'node_modules')]
  const pool = new ChildPool(await bundleProgram('subjects/queue-libraries.ts', { nodePaths }))
  const wanted = { levels: someLevels(levels, 6, figures), seeds }
  try {
    return compareLibraries(figures, {
      queue: await sweepLibrary(pool, 'p-queue', wanted),
      batch: await sweepLibrary(pool, 'LangChain .batch', wanted),
      batchAtOnce: await runAtOnce(pool, 'LangChain .batch', seeds),
      allAtOnce: await runAtOnce(pool, 'Promise.all', seeds),
    })
  } finally {
    await pool.stop()
  }
}

type ByProfile<Value> = ReadonlyMap<string, Value>

/** The best setting of a library, by profile. */
async function sweepLibrary(
  pool: ChildPool,
  library: QueueLibrary,
  { levels, seeds }: Thoroughness,
): Promise<ByProfile<SweptSetting<BacklogFigures>>> {
  const settings = await sweepConcurrency<BacklogFigures>({
    profiles,
    levels,
    seeds,
    run: (questions) =>
      pool.askAll<QueueLibraryTask, BacklogFigures>(
        questions.map(({ level, ...question }) => ({ ...question, library, workload: 0, concurrency: level })),
      ),
  })
  return new Map([...settings].map(([profile, all]) => [profile, bestSetting(all)]))
}

/** A library as it comes: everything is sent at once. */
async function runAtOnce(
  pool: ChildPool,
  library: QueueLibrary,
  seeds: readonly number[],
): Promise<ByProfile<readonly BacklogFigures[]>> {
  const tasks = profiles.flatMap((profile) => seeds.map((seed) => ({ library, profile, workload: 0, seed })))
  const figures = await pool.askAll<QueueLibraryTask, BacklogFigures>(tasks)
  return new Map(
    profiles.map((profile, index) => [profile, figures.slice(index * seeds.length, (index + 1) * seeds.length)]),
  )
}

interface LibraryFigures {
  readonly queue: ByProfile<SweptSetting<BacklogFigures>>
  readonly batch: ByProfile<SweptSetting<BacklogFigures>>
  readonly batchAtOnce: ByProfile<readonly BacklogFigures[]>
  readonly allAtOnce: ByProfile<readonly BacklogFigures[]>
}

function compareLibraries(figures: readonly ProfileFigures[], libraries: LibraryFigures): BenchmarkTable {
  const compared = figures.map(({ profile, ours }) => {
    const queue = libraries.queue.get(profile)
    const batch = libraries.batch.get(profile)
    const atOnce = libraries.allAtOnce.get(profile) ?? []
    const runs = [queue?.runs, batch?.runs, libraries.batchAtOnce.get(profile), atOnce]
    const ratios = runs.map((theirs) => medianRatio(throughputs(ours), throughputs(theirs ?? [])))
    const levels = [queue?.level, batch?.level]
    return { profile, levels, ratios, queueWaitMs: waitOf({ runs: queue?.runs ?? [] }), atOnce }
  })
  const rows = compared.map(({ profile, levels, ratios, queueWaitMs, atOnce }): BenchmarkRow => {
    const [queue = '', batch = '', batchAtOnce = '', allAtOnce = ''] = ratios.map(times)
    const refused = String(median(atOnce.map((run) => run.refused)))
    const waitSeconds = (waitOf({ runs: atOnce }) / 1_000).toFixed(1)
    const atBest = [String(levels[0]), queueWaitMs.toFixed(0), queue, String(levels[1]), batch]
    return { name: profile, cells: [...atBest, batchAtOnce, allAtOnce, waitSeconds, refused] }
  })
  const mean = (column: number) => times(geometricMean(compared.map(({ ratios }) => ratios[column] ?? Number.NaN)))
  return {
    title: 'Tokens per second, adaptive over queues of other libraries; n for each replica',
    columns: [
      'p-queue, best n',
      'p95 TTFT ms',
      'ours',
      '.batch, best n',
      'ours',
      '.batch as it comes: ours',
      'Promise.all: ours',
      'p95 TTFT s',
      'refused',
    ],
    rows: [...rows, { name: 'geometric mean', cells: ['', '', mean(0), '', mean(1), mean(2), mean(3), '', ''] }],
  }
}

function throughputs(runs: readonly { readonly tokensPerSecond: number }[]): number[] {
  return runs.map(({ tokensPerSecond }) => tokensPerSecond)
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`
}
