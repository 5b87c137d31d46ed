import { expect, test } from 'vitest'
import { concurrencyPlot } from './concurrency-plot.js'

const samples = Array.from({ length: 1_000 }, (_, index) => ({
  atMs: (index + 1) * 1_000,
  limit: index < 500 ? 16 : 32,
  preemptions: 0,
  outputTokensPerSecond: index % 2 === 0 ? 90 : 110,
}))

const plot = concurrencyPlot({
  title: 'small',
  description: 'A small server.',
  adaptive: samples,
  fixed: samples.slice(0, 400),
  fixedLevel: 20,
  replicas: 2,
  periods: [{ fromMs: 2_000, toMs: 4_000 }],
})

interface Panel {
  readonly layer: readonly { readonly data: { readonly values: readonly Record<string, unknown>[] } }[]
}

const [throughput, limit] = (plot['vconcat'] as readonly Panel[]).map(({ layer }) =>
  layer.map(({ data }) => data.values),
)

test('a long run is drawn with few points that keep its mean, ours over the others', () => {
  const points = throughput?.[1] ?? []
  const ours = points.filter(({ setting }) => setting === 'adaptive')
  expect(ours).toHaveLength(200)
  expect(points.slice(-200)).toEqual(ours)
  expect(new Set(ours.map(({ value }) => value))).toEqual(new Set([98, 102]))
  expect(points.at(0)?.['setting']).toBe('best fixed limit: 20 for each of 2 replicas')
  expect(points).toHaveLength(280)
})

test('a limit is drawn where it changes, a fixed one as a line from end to end', () => {
  expect((limit?.[1] ?? []).map(({ seconds, value }) => [seconds, value])).toEqual([
    [0, 40],
    [1_000, 40],
    [1, 16],
    [501, 32],
    [1_000, 32],
  ])
})

test('what happened is shaded in both panels, and explained', () => {
  expect(throughput?.[0]).toEqual([{ from: 2, to: 4 }])
  expect(limit?.[0]).toEqual(throughput?.[0])
  expect(JSON.stringify(plot['title'])).toContain('Grey: while it lasts.')
})
