import type { Benchmark, BenchmarkTable } from './benchmark.js'
import { median, spread } from './harness/statistics.js'
import { interleave, peerSubjects, type Setting, startSetting } from './harness/subjects.js'
import type { SubjectFigures } from './subjects/serve-subject.js'

const ownSubjects = ['bare undici', 'bare node:http', 'duo-models', 'openai']
/** A port takes so many connections; every origin has its own range of ports on the client's side. */
const streamsPerPort = 2_000

/** What an open stream weighs while it waits for its next token, and how many of them one process holds. */
export const memoryBenchmark: Benchmark = {
  name: 'memory',
  async run({ quick }) {
    const streams = quick ? 500 : 2_000
    const many = quick ? 1_000 : 10_000
    const names = quick ? ownSubjects : [...ownSubjects, ...peerSubjects]
    const setting = await startSetting(names, Math.ceil(many / streamsPerPort))
    try {
      return [
        await measure(setting, names, streams, quick ? 2 : 5),
        await measure(setting, ownSubjects.slice(0, 3), many, quick ? 1 : 2),
      ]
    } finally {
      await setting.stop()
    }
  },
}

async function measure(
  setting: Setting,
  subjects: readonly string[],
  streams: number,
  repetitions: number,
): Promise<BenchmarkTable> {
  const ports = Math.ceil(streams / streamsPerPort)
  const endpoints = setting.origins.slice(0, ports).map((origin) => `${origin}/open/v1`)
  const task = { kind: 'hold' as const, endpoints, calls: streams, concurrency: 200 }
  const figures = await interleave(setting, subjects, task, { warmUps: 1, repetitions })
  const of = (name: string, member: keyof SubjectFigures) => (figures.get(name) ?? []).map((figure) => figure[member])
  const bareHeap = median(of('bare undici', 'heapBytes'))
  const floorHeap = median(of('bare node:http', 'heapBytes'))
  const rows = subjects.map((name) => {
    const heap = of(name, 'heapBytes')
    const target = name === 'duo-models' ? { target: '≤ 2.05 × bare node:http' } : {}
    return {
      name,
      ...target,
      cells: [
        `${kilobytes(median(heap) / streams)} ±${Math.round(spread(heap) * 100)} %`,
        (median(heap) / floorHeap).toFixed(2),
        kilobytes((median(heap) - bareHeap) / streams),
        kilobytes(median(of(name, 'residentBytes')) / streams),
        (median(of(name, 'cpuMicros')) / streams).toFixed(0),
      ],
    }
  })
  const title = `${streams} streams held open at once in one process, after their first tokens`
  return {
    title,
    columns: ['heap per stream, KB', '× bare node:http', 'above bare undici, KB', 'resident, KB', 'CPU to open, µs'],
    rows,
  }
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1)
}
