import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Benchmark } from './benchmark.js'
import { formatTable } from './harness/format-table.js'

const loaders: Readonly<Record<string, () => Promise<Benchmark>>> = {
  'server-sent-events': async () => (await import('./server-sent-events.bench.js')).serverSentEventsBenchmark,
  stream: async () => (await import('./stream.bench.js')).streamBenchmark,
  generate: async () => (await import('./generate.bench.js')).generateBenchmark,
  memory: async () => (await import('./memory.bench.js')).memoryBenchmark,
  import: async () => (await import('./import.bench.js')).importBenchmark,
  compatibility: async () => (await import('./compatibility.bench.js')).compatibilityBenchmark,
}

const help = `Usage: npm run bench -- [areas] [--quick]

Measures everything, or the areas named: ${Object.keys(loaders).join(', ')}.

  --quick   shows that everything runs; its figures mean little
  --help    prints this`

/** What was asked for, or what is wrong with it. */
function readArguments():
  | { readonly names: readonly string[]; readonly quick: boolean; readonly help: boolean }
  | string {
  try {
    const options = { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } as const
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
  if (!wanted.help) return measure(wanted.names, wanted.quick)
  console.log(help)
  return 0
}

/** Prints tables to the standard output and progress to the error output; the exit code says whether all went well. */
async function measure(names: readonly string[], quick: boolean): Promise<number> {
  console.log(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown processor'}`)
  let failed = 0
  for (const [index, name] of names.entries()) {
    console.error(`\n[${index + 1}/${names.length}] ${name}, load ${loadavg()[0]?.toFixed(1)}`)
    const startedAt = performance.now()
    try {
      const benchmark = await loaders[name]?.()
      for (const table of (await benchmark?.run({ quick })) ?? []) console.log(`\n${formatTable(table)}`)
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
