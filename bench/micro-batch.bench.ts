import type { Benchmark, BenchmarkOptions, BenchmarkRow, BenchmarkTable } from './benchmark.js'
import { median, medianRatio, summarize } from './harness/statistics.js'
import { interleave, type Setting, startSetting } from './harness/subjects.js'
import type { SubjectFigures, SubjectTask } from './subjects/serve-subject.js'

const separate = 'each by itself'
const gathered = 'gathered'
const names = [separate, gathered]
/** Callers who each wait for their answer and ask again, and how many answers are measured at a time. */
interface Scenario {
  readonly kind: 'stream' | 'generate'
  readonly concurrency: number
  readonly calls: number
}

const scenarios: readonly Scenario[] = [
  { kind: 'stream', concurrency: 1, calls: 18 },
  { kind: 'stream', concurrency: 16, calls: 192 },
  { kind: 'stream', concurrency: 64, calls: 576 },
  { kind: 'stream', concurrency: 256, calls: 1152 },
  // Whole answers never share a request: this one shows that the option costs them nothing.
  { kind: 'generate', concurrency: 64, calls: 576 },
]

/** Short code completions without and with `microBatch`: what one costs the client, and how many are answered. */
export const microBatchBenchmark: Benchmark = {
  name: 'micro-batch',
  async run(options) {
    const setting = await startSetting(names)
    try {
      return [await measure(setting, options)]
    } finally {
      await setting.stop()
    }
  },
}

async function measure(setting: Setting, options: BenchmarkOptions): Promise<BenchmarkTable> {
  const rows: BenchmarkRow[] = []
  for (const scenario of scenarios) rows.push(await row(setting, scenario, options))
  return {
    title: 'Code completions of 24 tokens, without `microBatch` and with it',
    columns: ['µs without', 'µs with', '×', 'per second', 'with', '×'],
    rows,
  }
}

async function row(
  setting: Setting,
  { kind, concurrency, calls: wanted }: Scenario,
  { quick }: BenchmarkOptions,
): Promise<BenchmarkRow> {
  const calls = quick ? wanted / 3 : wanted
  const task: SubjectTask = { kind, endpoints: [`${setting.origins[0]}/completions/v1`], calls, concurrency }
  const figures = await interleave(setting, names, task, { warmUps: quick ? 1 : 2, repetitions: quick ? 2 : 11 })
  const all = (name: string, figure: (of: SubjectFigures) => number) => (figures.get(name) ?? []).map(figure)
  const characters = new Set(names.flatMap((name) => all(name, (of) => of.characters)))
  if (characters.size !== 1) throw new Error(`The answers differ: ${[...characters].join(', ')} characters.`)
  const cpu = (name: string) => all(name, ({ cpuMicros }) => cpuMicros / calls)
  const rate = (name: string) => all(name, ({ wallMs }) => (calls * 1000) / wallMs)
  return {
    name: `${concurrency === 1 ? '1 caller' : `${concurrency} callers`}, ${kind === 'stream' ? 'streamed' : 'whole answers'}`,
    cells: [
      summarize(cpu(separate), 0),
      summarize(cpu(gathered), 0),
      medianRatio(cpu(gathered), cpu(separate)).toFixed(2),
      median(rate(separate)).toFixed(0),
      median(rate(gathered)).toFixed(0),
      medianRatio(rate(gathered), rate(separate)).toFixed(2),
    ],
  }
}
