import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Benchmark, BenchmarkRow } from './benchmark.js'
import { type BundleOptions, bundleSource, type SplitBundle } from './harness/bundle.js'
import { installPeers } from './harness/install-peers.js'
import { summarize } from './harness/statistics.js'

interface Contender {
  readonly name: string
  readonly source: string
  readonly options?: BundleOptions
}

const duoModels: readonly Contender[] = [
  { name: 'rules', source: `export { checkConfig, compatibility } from '@duo-models/rules'` },
  { name: 'core', source: `export { createDuoModelClient } from '@duo-models/core'` },
  {
    name: 'core + vLLM adapter',
    source: `export { createDuoModelClient } from '@duo-models/core'
export { vllmAdapter } from '@duo-models/adapters/vllm'`,
  },
  {
    name: 'core + vLLM adapter + undici',
    source: `export { createDuoModelClient } from '@duo-models/core'
export { vllmAdapter } from '@duo-models/adapters/vllm'
export * as undici from 'undici'`,
  },
]
const workspacePeers: readonly Contender[] = [{ name: 'openai 6', source: `export { default } from 'openai'` }]
const installedPeers: readonly Contender[] = [
  {
    name: 'AI SDK 6, one provider',
    source: `export { generateText, streamText } from 'ai'
export { createOpenAICompatible } from '@ai-sdk/openai-compatible'`,
  },
  { name: 'LangChain 1', source: `export { ChatOpenAI } from '@langchain/openai'` },
]

/** What it costs to load the packages, and how large they are in a bundle. */
export const importBenchmark: Benchmark = {
  name: 'import',
  async run({ quick }) {
    const bundlePeers = quick ? [] : await withPeers()
    const programs: readonly Program[] = [
      { name: 'bare Node', ...(await bundleSource('bare-node', 'export {}', { minify: true })) },
      ...(await Promise.all([...duoModels, ...workspacePeers].map((contender) => build(contender)))),
      ...bundlePeers,
    ]
    const times = new Map<string, number[]>(programs.map(({ name }) => [name, []]))
    for (let repetition = 0; repetition < (quick ? 3 : 15); repetition++)
      for (const { name, path } of programs) times.get(name)?.push(importMs(path))
    const bare = times.get('bare Node') ?? []
    const rows = programs.slice(1).map(({ name, loaded, lazy }): BenchmarkRow => {
      const above = (times.get(name) ?? []).map((time, index) => time - (bare[index] ?? 0))
      return {
        name,
        cells: [summarize(above, 0), sizes(loaded), sizes(loaded.map(gzip)), sizes(lazy), sizes(lazy.map(gzip))],
      }
    })
    const columns = ['ms above bare Node', 'KiB', 'KiB gzip', 'KiB on first use', 'KiB gzip on first use']
    return [{ title: 'Cold import of a minified bundle', columns, rows }]
  },
}

interface Program extends SplitBundle {
  readonly name: string
}

async function withPeers() {
  const resolveDir = installPeers()
  return Promise.all(installedPeers.map((contender) => build({ ...contender, options: { resolveDir } })))
}

async function build({ name, source, options }: Contender): Promise<Program> {
  const folder = name.replace(/\W+/g, '-')
  return { name, ...(await bundleSource(folder, source, { minify: true, external: [], ...options })) }
}

function gzip(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes)
}

/** A process of its own for every measurement: the second import in a process is no cold one. */
function importMs(path: string): number {
  const program = `const start = performance.now(); await import(${JSON.stringify(pathToFileURL(path).href)}); console.log(performance.now() - start)`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${path} cannot be imported: ${stderr}`)
  return Number(stdout)
}

/** The size of several files together, in KiB. */
function sizes(files: readonly Uint8Array[]): string {
  return (files.reduce((sum, { length }) => sum + length, 0) / 1024).toFixed(0)
}
