import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intervalFactor, studentQuantile } from './interval-factor.js'

describe('studentQuantile', () => {
  test.each([
    [10, 2.228],
    [17, 2.11],
    [30, 2.042],
    [1000, 1.962],
  ])('agrees with the tables at %i degrees of freedom', (degrees, quantile) => {
    expect(studentQuantile(degrees)).toBeCloseTo(quantile, 2)
  })
})

describe('intervalFactor', () => {
  test('holds at least nine tenths of what it was made from', () => {
    const ratios = fc.array(fc.double({ min: 0.2, max: 5, noNaN: true }), { minLength: 6, maxLength: 40 })
    fc.assert(
      fc.property(ratios, (values) => {
        const factor = intervalFactor(values)
        const inside = values.filter((ratio) => ratio <= factor * 1.000001 && ratio >= 1 / factor / 1.000001)
        expect(inside.length).toBeGreaterThanOrEqual(0.9 * values.length)
      }),
    )
  })

  test('is the same for ratios and their inverses', () => {
    expect(intervalFactor([0.5, 0.9, 1, 1, 1.1, 1.2])).toBeCloseTo(intervalFactor([2, 1 / 0.9, 1, 1, 1 / 1.1, 1 / 1.2]))
  })

  test('is wider than the usual error of few rows', () => {
    expect(intervalFactor([1.1, 1 / 1.1, 1.1, 1 / 1.1, 1.1, 1 / 1.1])).toBeGreaterThan(1.1 ** 2)
  })
})
