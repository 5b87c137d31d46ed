import { pathToFileURL } from 'node:url'
import type { Benchmark, BenchmarkTable } from './benchmark.js'
import { bundleProgram } from './harness/bundle.js'
import { median, summarize } from './harness/statistics.js'
import { timePerCall } from './harness/time-per-call.js'

/** Rules: estimates, predictions, and how many plans come out of a question in a second. */
export const sizingBenchmark: Benchmark = {
  name: 'sizing',
  async run({ quick }) {
    const options = quick ? { repetitions: 3, repetitionMs: 20 } : { repetitions: 15, repetitionMs: 150 }
    const sizing: typeof import('./subjects/sizing.js') = await import(
      pathToFileURL(await bundleProgram('subjects/sizing.ts')).href
    )
    const single = timePerCall({ estimateMemory: sizing.estimate, predictPerformance: sizing.predict }, options)
    const asked = timePerCall(Object.fromEntries(sizing.planQuestions.map(({ name, ask }) => [name, ask])), options)
    return [tableOfCalls(single), tableOfPlans(asked, sizing.planQuestions)]
  },
}

function tableOfCalls(times: ReadonlyMap<string, readonly number[]>): BenchmarkTable {
  const rows = [...times].map(([name, own]) => ({
    name: `${name}()`,
    cells: [
      summarize(
        own.map((nanoseconds) => nanoseconds / 1e3),
        1,
      ),
      Math.round(1e9 / median(own)).toLocaleString('en-US'),
    ],
  }))
  return { title: 'one question', columns: ['µs per call', 'calls/s'], rows }
}

function tableOfPlans(
  times: ReadonlyMap<string, readonly number[]>,
  questions: readonly { readonly name: string; readonly plans: number }[],
): BenchmarkTable {
  const rows = questions.map(({ name, plans }) => {
    const own = times.get(name) ?? []
    const perSecond = (plans * 1e9) / median(own)
    const cells = [
      summarize(
        own.map((nanoseconds) => nanoseconds / 1e6),
        1,
      ),
      String(plans),
      Math.round(perSecond).toLocaleString('en-US'),
    ]
    return { name, target: '≥ 1,000 plans/s', cells }
  })
  return { title: 'planDeployments()', columns: ['ms per question', 'plans', 'plans/s'], rows }
}
