import type { Benchmark } from './benchmark.js'
import { median, medianRatio, summarize } from './harness/statistics.js'
import { interleave, startSetting } from './harness/subjects.js'

const names = ['bare undici', 'bare node:http', 'duo-models', 'openai']
const concurrency = 64

/** CPU time per small call that is not streamed, validation included. */
export const generateBenchmark: Benchmark = {
  name: 'generate',
  async run({ quick }) {
    const setting = await startSetting(names)
    try {
      const calls = quick ? 640 : 6400
      const task = { kind: 'generate' as const, endpoints: [`${setting.origins[0]}/answer/v1`], calls, concurrency }
      const figures = await interleave(setting, names, task, { warmUps: quick ? 1 : 3, repetitions: quick ? 3 : 11 })
      const perCall = (name: string) => (figures.get(name) ?? []).map(({ cpuMicros }) => cpuMicros / calls)
      const bare = perCall('bare undici')
      const rows = names.map((name) => {
        const own = perCall(name)
        const above = own.map((value, index) => value - (bare[index] ?? Number.NaN))
        const target = name === 'duo-models' ? { target: '≤ 25 µs above bare undici' } : {}
        return {
          name,
          ...target,
          cells: [summarize(own, 0), medianRatio(own, bare).toFixed(2), median(above).toFixed(0)],
        }
      })
      const title = `Calls for a whole answer, ${concurrency} at once: CPU time of the client per call`
      return [{ title, columns: ['µs', '× bare undici', 'µs above bare undici'], rows }]
    } finally {
      await setting.stop()
    }
  },
}
