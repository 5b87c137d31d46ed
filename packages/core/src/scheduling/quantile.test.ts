import fc from 'fast-check'
import { expect, it } from 'vitest'
import { quantile } from './quantile.js'

it('is what stands there when all are in order, whatever they are', () => {
  const values = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 5 })), { maxLength: 300 })
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (all, share) => {
      const sorted = all.toSorted((one, other) => one - other)
      expect(quantile(all, share) + 0).toBe((sorted[Math.floor(all.length * share)] ?? 0) + 0)
    }),
  )
})
