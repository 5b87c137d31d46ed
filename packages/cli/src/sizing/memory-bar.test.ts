import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shareOut } from './memory-bar.js'

it('shares out every cell, and never more than one off the exact share', () => {
  const sizes = fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 200 }), (parts, cells) => {
      const sum = parts.reduce((total, part) => total + part, 0)
      fc.pre(sum > 1e-6)
      const shares = shareOut(parts, cells)
      expect(shares.reduce((total, share) => total + share, 0)).toBe(cells)
      for (const [index, share] of shares.entries())
        expect(Math.abs(share - ((parts[index] ?? 0) / sum) * cells)).toBeLessThan(1 + 1e-6)
    }),
  )
})
