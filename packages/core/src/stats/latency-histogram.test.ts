import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LatencyHistogram } from './latency-histogram.js'

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram()
  for (const value of values) histogram.add(value)
  return histogram
}

describe('LatencyHistogram', () => {
  it('has a count and no figures while it is empty', () => {
    expect(new LatencyHistogram().summarise()).toEqual({ count: 0 })
    expect(new LatencyHistogram().percentile(0.5)).toBeUndefined()
  })

  it('gives the nearest-rank percentile within one per cent, whatever was measured', () => {
    const times = fc.array(fc.double({ min: 0.01, max: 1e8, noNaN: true }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const sorted = [...values].sort((a, b) => a - b)
        const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? 0
        const found = histogramOf(values).percentile(share) ?? 0
        expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(0.0101)
      }),
    )
  })

  it('keeps mean and maximum exact and its percentiles in order', () => {
    const times = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 100 })
    fc.assert(
      fc.property(times, (values) => {
        const { count, mean = 0, p50 = 0, p95 = 0, p99 = 0, max = 0 } = histogramOf(values).summarise()
        expect(count).toBe(values.length)
        expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / count, 3)
        expect(max).toBe(Math.max(...values))
        expect(p50).toBeLessThanOrEqual(p95)
        expect(p95).toBeLessThanOrEqual(p99)
        expect(p99).toBeLessThanOrEqual(max)
      }),
    )
  })

  it('leaves out what is no time, and holds what is beyond its range', () => {
    const histogram = histogramOf([Number.NaN, -1, Number.POSITIVE_INFINITY, 0, 1e12])
    expect(histogram.summarise()).toMatchObject({ count: 2, max: 1e12 })
  })
})
