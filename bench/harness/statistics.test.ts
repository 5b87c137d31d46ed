import { expect, it } from 'vitest'
import { formatTable } from './format-table.js'
import { geometricMean, median, medianRatio, percentile, spread, summarize } from './statistics.js'

it('takes the middle, and the mean of two middles', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 2, 100])).toBe(3)
  expect(() => median([])).toThrow(RangeError)
})

it('compares what was measured side by side', () => {
  expect(medianRatio([2, 40, 6], [1, 10, 3])).toBe(2)
  expect(spread([8, 10, 12])).toBeCloseTo(0.2)
  expect(summarize([8, 10, 12], 1)).toBe('10.0 ±20 %')
})

it('aligns tables', () => {
  const rows = [
    { name: 'a', target: '≤ 1', cells: ['10'] },
    { name: 'longer', cells: ['9'] },
  ]
  expect(formatTable({ title: 'T', columns: ['µs'], rows })).toBe(
    'T\n        target  µs\na          ≤ 1  10\nlonger           9',
  )
})

it('takes the lowest value that is reached by a share', () => {
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3)
  expect(percentile([5, 1, 4, 2, 3], 0.95)).toBe(5)
  expect(percentile([], 0.95)).toBe(0)
})

it('takes the mean of ratios', () => {
  expect(geometricMean([2, 0.5])).toBeCloseTo(1)
  expect(geometricMean([1, 4])).toBeCloseTo(2)
})
