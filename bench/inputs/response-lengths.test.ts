import { expect, test } from 'vitest'
import { responseLengths } from './response-lengths.js'

test('lengths keep their mean and lie within half of it', () => {
  expect(responseLengths(717, 1)).toEqual([717])
  for (const requests of [10, 100]) {
    const lengths = responseLengths(693.23, requests)
    expect(lengths).toHaveLength(requests)
    expect(lengths.reduce((sum, length) => sum + length, 0) / requests).toBeCloseTo(693.23, 0)
    expect(Math.min(...lengths)).toBeGreaterThan(346)
    expect(Math.max(...lengths)).toBeLessThan(1040)
  }
})
