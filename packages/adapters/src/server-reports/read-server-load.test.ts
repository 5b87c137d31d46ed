import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readServerLoad } from './read-server-load.js'

const load = (text: string) => readServerLoad({ 'endpoint-load-metrics': text })

describe('readServerLoad', () => {
  it.each([
    ['TEXT named_metrics.kv_cache_usage_perc=0.25, named_metrics.num_requests_waiting=3.0'],
    ['text named_metrics.num_requests_waiting=3,named_metrics.kv_cache_usage_perc=2.5e-1'],
    ['JSON {"named_metrics": {"kv_cache_usage_perc": 0.25, "num_requests_waiting": 3.0}}'],
    ['TEXT cpu_utilization=0.9, named_metrics.kv_cache_usage_perc=0.25, x, named_metrics.num_requests_waiting=3'],
  ])('reads %j', (text) => {
    expect(load(text)).toEqual({ waitingRequests: 3, kvCacheUsage: 0.25 })
  })

  it('reads one of the two', () => {
    expect(load('TEXT named_metrics.num_requests_waiting=0.0')).toEqual({ waitingRequests: 0 })
    expect(load('JSON {"named_metrics": {"kv_cache_usage_perc": 1}}')).toEqual({ kvCacheUsage: 1 })
  })

  it.each([
    [''],
    ['TEXT'],
    ['TEXT named_metrics.kv_cache_usage_perc=25'],
    ['TEXT named_metrics.kv_cache_usage_perc=NaN, named_metrics.num_requests_waiting=-1'],
    ['JSON {"named_metrics": {"num_requests_waiting": "3"}}'],
    ['JSON {"named_metrics": [3]}'],
    ['JSON {'],
    ['BIN CAE='],
    [`TEXT ${' '.repeat(5_000)}named_metrics.num_requests_waiting=3`],
  ])('says nothing of %j', (text) => {
    expect(load(text)).toBeUndefined()
  })

  it('gives numbers within their bounds, or nothing, whatever the header says', () => {
    const metric = fc.record({
      name: fc.constantFrom('kv_cache_usage_perc', 'num_requests_waiting'),
      value: fc.string(),
    })
    const text = fc.oneof(
      fc.string(),
      fc.string().map((rest) => `JSON ${rest}`),
      fc
        .array(metric)
        .map((all) => `TEXT ${all.map(({ name, value }) => `named_metrics.${name}=${value}`).join(', ')}`),
      fc.dictionary(fc.string(), fc.jsonValue()).map((json) => `JSON ${JSON.stringify({ named_metrics: json })}`),
    )
    fc.assert(
      fc.property(text, (given) => {
        const { waitingRequests = 0, kvCacheUsage = 0 } = load(given) ?? {}
        expect(waitingRequests).toBeGreaterThanOrEqual(0)
        expect(Number.isFinite(waitingRequests)).toBe(true)
        expect(kvCacheUsage).toBeGreaterThanOrEqual(0)
        expect(kvCacheUsage).toBeLessThanOrEqual(1)
      }),
      { numRuns: 500 },
    )
  })
})
