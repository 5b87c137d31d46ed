import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Benchmark, BenchmarkRow } from './benchmark.js'
import { type BundleOptions, bundleSource } from './harness/bundle.js'
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
    const programs = [
      { name: 'bare Node', path: writeProgram('bare', new Uint8Array()), bytes: new Uint8Array() },
      ...(await Promise.all([...duoModels, ...workspacePeers].map((contender) => build(contender)))),
      ...bundlePeers,
    ]
    const times = new Map<string, number[]>(programs.map(({ name }) => [name, []]))
    for (let repetition = 0; repetition < (quick ? 3 : 15); repetition++)
      for (const { name, path } of programs) times.get(name)?.push(importMs(path))
    const bare = times.get('bare Node') ?? []
    const rows = programs.slice(1).map(({ name, bytes }): BenchmarkRow => {
      const above = (times.get(name) ?? []).map((time, index) => time - (bare[index] ?? 0))
      return { name, cells: [summarize(above, 0), kibibytes(bytes.length), kibibytes(gzipSync(bytes).length)] }
    })
    return [{ title: 'Cold import of a minified bundle', columns: ['ms above bare Node', 'KiB', 'KiB gzip'], rows }]
  },
}

async function withPeers() {
  const resolveDir = installPeers()
  return Promise.all(installedPeers.map((contender) => build({ ...contender, options: { resolveDir } })))
}

async function build({ name, source, options }: Contender) {
  const bytes = await bundleSource(source, { minify: true, external: [], ...options })
  return { name, bytes, path: writeProgram(name, bytes) }
}

function writeProgram(name: string, bytes: Uint8Array): string {
  const folder = fileURLToPath(new URL('./node_modules/.cache/import', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name.replace(/\W+/g, '-')}.mjs`)
  writeFileSync(path, bytes)
  return path
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

function kibibytes(bytes: number): string {
  return (bytes / 1024).toFixed(0)
}
