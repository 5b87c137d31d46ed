import type { Benchmark, BenchmarkOptions, BenchmarkRow, BenchmarkTable } from './benchmark.js'
import { median, medianRatio, summarize } from './harness/statistics.js'
import { interleave, type Setting, startSetting } from './harness/subjects.js'
import { answerTokens } from './inputs/answer-tokens.js'
import { type Cut, chunkStream } from './inputs/chunk-stream.js'
import type { SubjectFigures } from './subjects/main.js'

const names = ['bare undici', 'bare node:http', 'duo-models', 'openai']

interface Scenario {
  readonly cut: Cut
  readonly usage: boolean
  readonly title: string
  readonly tokens: number
  /** Streams at once: so many that the process does not sleep between two reads. */
  readonly concurrency: number
}

const scenarios: readonly Scenario[] = [
  { cut: 'one-event', usage: true, tokens: 300, concurrency: 32, title: 'one event per read, usage on every chunk' },
  { cut: 'one-event', usage: false, tokens: 300, concurrency: 32, title: 'one event per read' },
  {
    cut: 'sixteen-events',
    usage: true,
    tokens: 1600,
    concurrency: 16,
    title: '16 events per read, usage on every chunk',
  },
  { cut: 'sixteen-events', usage: false, tokens: 1600, concurrency: 16, title: '16 events per read' },
  { cut: '16-kib', usage: true, tokens: 4000, concurrency: 8, title: '16 KiB reads, usage on every chunk' },
  { cut: '16-kib', usage: false, tokens: 4000, concurrency: 8, title: '16 KiB reads' },
]

/** CPU time per streamed event through the whole client, beside loops that do nothing but parse. */
export const streamBenchmark: Benchmark = {
  name: 'stream',
  async run(options) {
    const setting = await startSetting(names)
    try {
      const tables: BenchmarkTable[] = []
      for (const scenario of scenarios) tables.push(await measure(setting, scenario, options))
      return tables
    } finally {
      await setting.stop()
    }
  },
}

async function measure(setting: Setting, scenario: Scenario, { quick }: BenchmarkOptions): Promise<BenchmarkTable> {
  const { cut, usage, title, tokens, concurrency } = scenario
  const endpoint = `${setting.origins[0]}/${cut}.${usage ? 'usage' : 'plain'}.${tokens}/v1`
  const task = {
    kind: 'stream' as const,
    endpoints: [endpoint],
    calls: quick ? concurrency : 2 * concurrency,
    concurrency,
  }
  const figures = await interleave(setting, names, task, { warmUps: quick ? 1 : 4, repetitions: quick ? 2 : 9 })
  const events = chunkStream({ cut, usage, tokens: answerTokens(tokens) }).events * task.calls
  const perEvent = (name: string) => (figures.get(name) ?? []).map(({ cpuMicros }) => cpuMicros / events)
  return {
    title: `Streaming, ${title} (${concurrency} streams at once): CPU time of the client per event`,
    columns: ['µs', '× bare undici', '× bare node:http', 'events per read'],
    rows: names.map((name) => row(name, perEvent, events, figures.get(name) ?? [])),
  }
}

function row(
  name: string,
  perEvent: (name: string) => readonly number[],
  events: number,
  figures: readonly SubjectFigures[],
): BenchmarkRow {
  const own = perEvent(name)
  const reads = median(figures.map((figure) => figure.reads))
  return {
    name,
    ...(name === 'duo-models' && { target: '≤ 1.0 × bare undici' }),
    cells: [
      summarize(own, 2),
      medianRatio(own, perEvent('bare undici')).toFixed(2),
      medianRatio(own, perEvent('bare node:http')).toFixed(2),
      reads > 0 ? (events / reads).toFixed(1) : '',
    ],
  }
}
