import { pathToFileURL } from 'node:url'
import type { Benchmark, BenchmarkTable } from './benchmark.js'
import { bundleProgram } from './harness/bundle.js'
import { median, medianRatio, summarize } from './harness/statistics.js'
import { type Contenders, timePerCall } from './harness/time-per-call.js'

/**
 * Rules: look-ups and checks beside the least code that could answer the question, and checks of many configurations
 * in turn, where the processor cannot learn the one by heart, beside reading them.
 */
export const compatibilityBenchmark: Benchmark = {
  name: 'compatibility',
  async run({ quick }) {
    const options = quick ? { repetitions: 3, repetitionMs: 20 } : { repetitions: 15, repetitionMs: 150 }
    const rules: typeof import('./subjects/rules.js') = await import(
      pathToFileURL(await bundleProgram('subjects/rules.ts')).href
    )
    const { checkConfig, compatibility, leastCheck, leastLookUp, threeDeployments } = rules
    const question = { model: 'codestral-22b-v0.1', feature: 'code-completion', platform: 'vllm' } as const
    const target = '≥ 0.1 million/s'
    const tables = [
      measure('compatibility()', '≥ 5 million/s', options, {
        'map of maps': () => leastLookUp(question),
        'duo-models': () => compatibility(question),
      }),
      measure('checkConfig() with three deployments', target, options, {
        'hand-written checks': () => leastCheck(threeDeployments),
        'duo-models': () => checkConfig(threeDeployments),
      }),
    ]
    for (const [title, configurations] of [
      ['checkConfig(), 1,000 different configurations like that one in turn', rules.similarConfigurations(1_000)],
      ['checkConfig(), 1,000 configurations of many shapes in turn', rules.variedConfigurations(1_000)],
    ] as const) {
      const texts = configurations.map((configuration) => JSON.stringify(configuration))
      tables.push(
        measure(title, target, options, {
          'JSON.parse of their texts': inTurn(texts, (text) => JSON.parse(text)),
          'duo-models': inTurn(configurations, checkConfig),
        }),
      )
    }
    return tables
  },
}

/** A call that does the same to each item, one after the other, again and again. */
function inTurn<Item>(items: readonly Item[], run: (item: Item) => unknown): () => unknown {
  let next = 0
  return () => {
    const item = items[next] as Item
    next = next + 1 === items.length ? 0 : next + 1
    return run(item)
  }
}

function measure(
  title: string,
  target: string,
  options: { repetitions: number; repetitionMs: number },
  contenders: Contenders,
): BenchmarkTable {
  const times = timePerCall(contenders, options)
  const [baseline = []] = [...times.values()]
  const rows = [...times].map(([name, own]) => ({
    name,
    ...(name === 'duo-models' && { target }),
    cells: [summarize(own, 0), medianRatio(own, baseline).toFixed(1), (1e3 / median(own)).toFixed(3)],
  }))
  return { title, columns: ['ns per call', '×', 'million/s'], rows }
}
