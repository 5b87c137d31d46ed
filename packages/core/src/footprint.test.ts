import { execFile } from 'node:child_process'
import { getEventListeners } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { AdapterEvent, AdapterResponse, ModelAdapter } from '@duo-models/adapters'
import { describe, expect, it } from 'vitest'
import { createDuoModelClient } from './index.js'
import { startFloodServer } from './testing/flood-server.js'

const run = promisify(execFile)
const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const runSource = ['--import', createRequire(import.meta.url).resolve('tsx')]
const request = { feature: 'duo-chat' as const, messages: [{ role: 'user' as const, content: 'Hi' }] }

describe('memory', () => {
  it('stays flat: 96 MiB of text go through a heap of 48 MiB', async () => {
    const piece = 'All work and no play makes Jack a dull boy. '.repeat(96).slice(0, 4096)
    const events = (96 * 1024 * 1024) / piece.length
    const server = await startFloodServer(events, piece)
    try {
      const args = [...runSource, '--max-old-space-size=48', file('./testing/read-flood.ts'), server.baseUrl]
      const { stdout } = await run(process.execPath, args, { cwd: file('../../..') })
      expect(Number(stdout)).toBe(96 * 1024 * 1024)
    } finally {
      await server.close()
    }
  }, 60_000)
})

/** The files of a program that were loaded, as V8's own coverage lists them. */
async function loadedFiles(program: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'duo-models-'))
  try {
    const args = [...runSource, '--input-type=module', '--eval', program]
    await run(process.execPath, args, { cwd: file('../../..'), env: { ...process.env, NODE_V8_COVERAGE: folder } })
    const reports = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))
    return reports.flatMap((report) => (JSON.parse(report) as CoverageReport).result.map(({ url }) => url))
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface CoverageReport {
  readonly result: readonly { readonly url: string }[]
}

describe('what is loaded', () => {
  const core = JSON.stringify(new URL('./index.ts', import.meta.url).href)
  const use = `const { createDuoModelClient } = await import(${core})
const client = createDuoModelClient({ platform: 'vllm', model: 'mistral-small-24b-instruct-2506', endpoint: 'http://127.0.0.1:1/v1' }, { compatibility: 'off', retry: { maxAttempts: 1 } })`
  const send = `await client.generate({ feature: 'duo-chat', messages: [{ role: 'user', content: 'Hi' }] }).catch(() => {})`

  it('is no HTTP client and no platform before the first request', async () => {
    const files = await loadedFiles(use)
    expect(files.some((url) => url.includes('/core/src/index.ts'))).toBe(true)
    expect(
      files.filter((url) => /\/node_modules\/(undici|@aws-sdk|openai|yaml)\/|\/adapters\/src\/vllm\//.test(url)),
    ).toEqual([])
  })

  it('is nothing of another platform after it', async () => {
    const files = await loadedFiles(`${use}\n${send}`)
    expect(files.some((url) => url.includes('/adapters/src/vllm/'))).toBe(true)
    expect(files.some((url) => url.includes('/node_modules/undici/'))).toBe(true)
    expect(
      files.filter((url) =>
        /\/node_modules\/(@aws-sdk|@smithy|openai|@azure)\/|\/adapters\/src\/(bedrock|azure-openai)\//.test(url),
      ),
    ).toEqual([])
  })
})

/** Answers at once, and keeps the signals it was given. */
function inProcessAdapter(signals: AbortSignal[]): ModelAdapter {
  const usage = { inputTokens: 1, outputTokens: 1 }
  const finishReason = { unified: 'stop', raw: 'stop' } as const
  const events: readonly AdapterEvent[] = [
    { type: 'response-start', id: 'r', model: 'm' },
    { type: 'text-delta', text: 'Hello' },
    { type: 'response-end', finishReason, usage },
  ]
  const response: AdapterResponse = { id: 'r', model: 'm', text: 'Hello', toolCalls: [], finishReason, usage }
  return {
    platform: 'vllm',
    connect: () => ({
      async generate(_request, call) {
        signals.push(call.signal)
        return response
      },
      async *stream(_request, call) {
        signals.push(call.signal)
        for (const event of events) yield [event]
      },
      async close() {},
    }),
  }
}

/** Timers and everything else that keeps the process busy, by kind. */
function activeResources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

describe('after 10,000 calls', () => {
  it('no timer and no listener is left', async () => {
    const signals: AbortSignal[] = []
    const client = createDuoModelClient(
      { platform: 'vllm', model: 'mistral-small-24b-instruct-2506', endpoint: 'http://127.0.0.1:1/v1' },
      { adapters: [inProcessAdapter(signals)] },
    )
    const shared = new AbortController()
    const before = activeResources()
    for (let round = 0; round < 100; round += 1) {
      const options = { signal: shared.signal }
      const streams = Array.from({ length: 50 }, () => client.stream(request, options).text())
      const answers = Array.from({ length: 50 }, async () => (await client.generate(request, options)).text)
      const texts = await Promise.all([...streams, ...answers])
      expect(new Set(texts)).toEqual(new Set(['Hello']))
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(signals).toHaveLength(10_000)
    expect(activeResources()['Timeout'] ?? 0).toBeLessThanOrEqual(before['Timeout'] ?? 0)
    expect(getEventListeners(shared.signal, 'abort')).toEqual([])
    expect(signals.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0)).toBe(0)
    await client.close()
  })
})
