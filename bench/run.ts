import { spawnSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Benchmark } from './benchmark.js'
import { formatTable } from './harness/format-table.js'
import { fetchNode } from './harness/node-binary.js'

const loaders: Readonly<Record<string, () => Promise<Benchmark>>> = {
  'server-sent-events': async () => (await import('./server-sent-events.bench.js')).serverSentEventsBenchmark,
  stream: async () => (await import('./stream.bench.js')).streamBenchmark,
  bedrock: async () => (await import('./bedrock.bench.js')).bedrockBenchmark,
  generate: async () => (await import('./generate.bench.js')).generateBenchmark,
  'micro-batch': async () => (await import('./micro-batch.bench.js')).microBatchBenchmark,
  memory: async () => (await import('./memory.bench.js')).memoryBenchmark,
  timers: async () => (await import('./timers.bench.js')).timersBenchmark,
  routing: async () => (await import('./routing.bench.js')).routingBenchmark,
  scheduler: async () => (await import('./scheduler.bench.js')).schedulerBenchmark,
  'rate-limit': async () => (await import('./rate-limit.bench.js')).rateLimitBenchmark,
  priority: async () => (await import('./priority.bench.js')).priorityBenchmark,
  outage: async () => (await import('./outage.bench.js')).outageBenchmark,
  concurrency: async () => (await import('./concurrency.bench.js')).concurrencyBenchmark,
  engine: async () => (await import('./engine.bench.js')).engineBenchmark,
  faults: async () => (await import('./faults.bench.js')).faultsBenchmark,
  import: async () => (await import('./import.bench.js')).importBenchmark,
  sizing: async () => (await import('./sizing.bench.js')).sizingBenchmark,
  compatibility: async () => (await import('./compatibility.bench.js')).compatibilityBenchmark,
}

const help = `Usage: npm run bench -- [areas] [--quick] [--plots] [--node <release>]

Measures everything, or the areas named: ${Object.keys(loaders).join(', ')}.

  --quick           shows that everything runs; its figures mean little
  --plots           writes the plots of docs/ too, where an area has some: concurrency
  --node <release>  measures with that release of Node, such as 26, which is fetched from the npm registry
  --help            prints this`

interface Wanted {
  readonly names: readonly string[]
  readonly quick: boolean
  readonly plots: boolean
  readonly help: boolean
  /** The release of Node; `undefined` for the one that runs this. */
  readonly node?: string | undefined
}

/** What was asked for, or what is wrong with it. */
function readArguments(): Wanted | string {
  try {
    const flag = { type: 'boolean', default: false } as const
    const options = { quick: flag, plots: flag, help: flag, node: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    const unknown = positionals.filter((name) => !Object.hasOwn(loaders, name))
    if (unknown.length > 0) return `Unknown: ${unknown.join(', ')}. There are: ${Object.keys(loaders).join(', ')}.`
    return { ...values, names: positionals.length > 0 ? positionals : Object.keys(loaders) }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function main(): Promise<number> {
  const wanted = readArguments()
  if (typeof wanted === 'string') {
    console.error(wanted)
    return 2
  }
  if (wanted.help) {
    console.log(help)
    return 0
  }
  return wanted.node === undefined ? measure(wanted) : measureWith(wanted.node, wanted)
}

/** The same with another Node: everything that is started, servers and clients, is run by it too. */
function measureWith(release: string, { names, quick, plots }: Wanted): number {
  let program: string
  try {
    program = fetchNode(release)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
  const flags = [...(quick ? ['--quick'] : []), ...(plots ? ['--plots'] : [])]
  const args = [...process.execArgv, process.argv[1] ?? '', ...names, ...flags]
  return spawnSync(program, args, { stdio: 'inherit' }).status ?? 1
}

/** Prints tables to the standard output and progress to the error output; the exit code says whether all went well. */
async function measure({ names, quick, plots }: Wanted): Promise<number> {
  console.log(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown processor'}`)
  let failed = 0
  for (const [index, name] of names.entries()) {
    console.error(`\n[${index + 1}/${names.length}] ${name}, load ${loadavg()[0]?.toFixed(1)}`)
    const startedAt = performance.now()
    try {
      const benchmark = await loaders[name]?.()
      for (const table of (await benchmark?.run({ quick, plots })) ?? []) console.log(`\n${formatTable(table)}`)
    } catch (error) {
      failed += 1
      console.error(`${name} failed: ${error instanceof Error ? error.stack : error}`)
    }
    console.error(
      `[${index + 1}/${names.length}] ${name} took ${((performance.now() - startedAt) / 1000).toFixed(0)} s`,
    )
  }
  return failed === 0 ? 0 : 1
}

process.exitCode = await main()
