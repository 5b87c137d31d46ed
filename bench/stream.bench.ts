import type { Benchmark, BenchmarkOptions, BenchmarkRow, BenchmarkTable } from './benchmark.js'
import { median, medianRatio, summarize } from './harness/statistics.js'
import { interleave, peerSubjects, type Setting, startSetting } from './harness/subjects.js'
import { answerTokens } from './inputs/answer-tokens.js'
import { type Cut, chunkStream } from './inputs/chunk-stream.js'
import type { SubjectFigures } from './subjects/serve-subject.js'

const ownSubjects = ['bare undici', 'bare node:http', 'duo-models', 'openai']
/** The peers take ten times as long, so they get a fraction of the calls. */
const peerShare = 4

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
    const names = options.quick ? ownSubjects : [...ownSubjects, ...peerSubjects]
    const setting = await startSetting(names)
    try {
      const tables: BenchmarkTable[] = []
      for (const scenario of scenarios) tables.push(await measure(setting, names, scenario, options))
      return tables
    } finally {
      await setting.stop()
    }
  },
}

async function measure(
  setting: Setting,
  names: readonly string[],
  scenario: Scenario,
  { quick }: BenchmarkOptions,
): Promise<BenchmarkTable> {
  const { cut, usage, title, tokens, concurrency } = scenario
  const text = answerTokens(tokens)
  const { events } = chunkStream({ cut, usage, tokens: text })
  const endpoints = [`${setting.origins[0]}/${cut}.${usage ? 'usage' : 'plain'}.${tokens}/v1`]
  const taskOf = (name: string) => {
    const calls = quick ? concurrency : 4 * concurrency
    const share = peerSubjects.includes(name) ? peerShare : 1
    return { kind: 'stream' as const, endpoints, calls: Math.max(calls / share, concurrency), concurrency }
  }
  const figures = await interleave(setting, names, taskOf, { warmUps: quick ? 1 : 6, repetitions: quick ? 2 : 11 })
  const eventsOf = (name: string) => events * taskOf(name).calls
  const perEvent = (name: string) => (figures.get(name) ?? []).map(({ cpuMicros }) => cpuMicros / eventsOf(name))
  for (const name of names) checkText(name, figures.get(name) ?? [], text.join('').length * taskOf(name).calls)
  return {
    title: `Streaming, ${title} (${concurrency} streams at once): CPU time of the client per event`,
    columns: ['µs', '× bare undici', '× bare node:http', 'events per read'],
    rows: names.map((name) => row(name, perEvent, eventsOf(name), figures.get(name) ?? [])),
  }
}

/** A client that loses text is not compared with those that do not. */
function checkText(name: string, figures: readonly SubjectFigures[], expected: number): void {
  const wrong = figures.find(({ characters }) => characters !== expected)
  if (wrong) throw new Error(`${name} read ${wrong.characters} characters where ${expected} were sent.`)
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
