import { cpus } from 'node:os'
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

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const unknown = positionals.filter((name) => !Object.hasOwn(loaders, name))
  if (unknown.length > 0)
    throw new Error(`Unknown: ${unknown.join(', ')}. There are: ${Object.keys(loaders).join(', ')}.`)
  console.log(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown processor'}`)
  for (const [name, load] of Object.entries(loaders)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const benchmark = await load()
    for (const table of await benchmark.run({ quick: values.quick })) console.log(`\n${formatTable(table)}`)
  }
}

await main()
