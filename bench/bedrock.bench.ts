import type { Benchmark, BenchmarkOptions, BenchmarkTable } from './benchmark.js'
import { median, medianRatio, summarize } from './harness/statistics.js'
import { interleave, type Setting, startSetting } from './harness/subjects.js'
import { answerTokens } from './inputs/answer-tokens.js'
import type { Cut } from './inputs/chunk-stream.js'
import { converseStream } from './inputs/converse-stream.js'

const baseline = 'bare node:http, Bedrock'
const ours = 'duo-models, Bedrock'
const names = [baseline, 'bare undici, Bedrock', ours, 'AWS SDK']

interface Scenario {
  readonly cut: Cut
  readonly title: string
  readonly target: string
  readonly tokens: number
  /** Streams at once: so many that the process does not sleep between two reads. */
  readonly concurrency: number
}

const scenarios: readonly Scenario[] = [
  { cut: 'one-event', tokens: 300, concurrency: 32, title: 'one event per read', target: '≤ 1.2 × bare node:http' },
  { cut: '16-kib', tokens: 4000, concurrency: 8, title: '16 KiB reads', target: '≤ 1.5 × bare node:http' },
]

/** Amazon Bedrock through the whole client, checksums checked, beside loops that check nothing and the official client. */
export const bedrockBenchmark: Benchmark = {
  name: 'bedrock',
  async run(options) {
    const setting = await startSetting(names)
    try {
      const tables: BenchmarkTable[] = []
      for (const scenario of scenarios) tables.push(await measureStream(setting, scenario, options))
      return [...tables, await measureWhole(setting, options)]
    } finally {
      await setting.stop()
    }
  },
}

async function measureStream(
  setting: Setting,
  scenario: Scenario,
  { quick }: BenchmarkOptions,
): Promise<BenchmarkTable> {
  const { cut, title, target, tokens, concurrency } = scenario
  const endpoints = [`${setting.origins[0]}/${cut}.converse.${tokens}`]
  const task = { kind: 'stream' as const, endpoints, calls: quick ? concurrency : 2 * concurrency, concurrency }
  const figures = await interleave(setting, names, task, { warmUps: quick ? 1 : 4, repetitions: quick ? 2 : 9 })
  const { events } = converseStream(answerTokens(tokens), cut)
  const perEvent = (name: string) => (figures.get(name) ?? []).map(({ cpuMicros }) => cpuMicros / events / task.calls)
  const eventsPerRead = (name: string): string => {
    const reads = median((figures.get(name) ?? []).map((figure) => figure.reads))
    return reads > 0 ? ((events * task.calls) / reads).toFixed(1) : ''
  }
  return {
    title: `Bedrock, ${title} (${concurrency} streams at once): CPU time of the client per event`,
    columns: ['µs', '× bare node:http', 'events per read'],
    rows: names.map((name) => ({
      name,
      ...(name === ours && { target }),
      cells: [
        summarize(perEvent(name), 2),
        medianRatio(perEvent(name), perEvent(baseline)).toFixed(2),
        eventsPerRead(name),
      ],
    })),
  }
}

async function measureWhole(setting: Setting, { quick }: BenchmarkOptions): Promise<BenchmarkTable> {
  const endpoints = [`${setting.origins[0]}/converse-answer`]
  const task = { kind: 'generate' as const, endpoints, calls: quick ? 256 : 4096, concurrency: 64 }
  const figures = await interleave(setting, names, task, { warmUps: quick ? 1 : 3, repetitions: quick ? 2 : 9 })
  const perCall = (name: string) => (figures.get(name) ?? []).map(({ cpuMicros }) => cpuMicros / task.calls)
  return {
    title: 'Bedrock, whole answers, 64 at once: CPU time of the client per call; the bare ones sign nothing',
    columns: ['µs', '× bare node:http'],
    rows: names.map((name) => ({
      name,
      cells: [summarize(perCall(name), 0), medianRatio(perCall(name), perCall(baseline)).toFixed(2)],
    })),
  }
}
