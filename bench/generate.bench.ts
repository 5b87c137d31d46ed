import type { Benchmark } from './benchmark.js'
import { median, medianRatio, summarize } from './harness/statistics.js'
import { interleave, peerSubjects, startSetting } from './harness/subjects.js'

const ownSubjects = ['bare undici', 'bare node:http', 'duo-models', 'openai']
const concurrency = 64
/** The peers take ten times as long, so they get a fraction of the calls. */
const peerShare = 4

/** CPU time per small call that is not streamed, validation included. */
export const generateBenchmark: Benchmark = {
  name: 'generate',
  async run({ quick }) {
    const names = quick ? ownSubjects : [...ownSubjects, ...peerSubjects]
    const setting = await startSetting(names)
    try {
      const endpoints = [`${setting.origins[0]}/answer/v1`]
      const callsOf = (name: string) => (quick ? 640 : 6400) / (peerSubjects.includes(name) ? peerShare : 1)
      const taskOf = (name: string) => ({ kind: 'generate' as const, endpoints, calls: callsOf(name), concurrency })
      const figures = await interleave(setting, names, taskOf, { warmUps: quick ? 1 : 3, repetitions: quick ? 3 : 11 })
      const perCall = (name: string) => (figures.get(name) ?? []).map(({ cpuMicros }) => cpuMicros / callsOf(name))
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
