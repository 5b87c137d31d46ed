import { checkConfig, compatibility } from '@duo-models/rules'
import type { Benchmark, BenchmarkTable } from './benchmark.js'
import { median, medianRatio, summarize } from './harness/statistics.js'
import { type Contenders, timePerCall } from './harness/time-per-call.js'
import { leastCheck, leastLookUp, threeDeployments } from './inputs/typical-configuration.js'

/** Rules: look-ups and checks of a typical configuration, beside the least code that could answer the question. */
export const compatibilityBenchmark: Benchmark = {
  name: 'compatibility',
  async run({ quick }) {
    const options = quick ? { repetitions: 3, repetitionMs: 20 } : { repetitions: 15, repetitionMs: 150 }
    const question = { model: 'codestral-22b-v0.1', feature: 'code-completion', platform: 'vllm' } as const
    return [
      measure('compatibility()', '≥ 5 million/s', options, {
        'map of maps': () => leastLookUp(question),
        'duo-models': () => compatibility(question),
      }),
      measure('checkConfig() with three deployments', '≥ 0.1 million/s', options, {
        'hand-written checks': () => leastCheck(threeDeployments),
        'duo-models': () => checkConfig(threeDeployments),
      }),
    ]
  },
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
