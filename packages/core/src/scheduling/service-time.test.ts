import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../testing/seeded-random.js'
import { ServiceTime } from './service-time.js'

describe('ServiceTime', () => {
  it('concludes nothing from a few answers', () => {
    const time = new ServiceTime()
    for (let count = 0; count < 19; count++) time.add(1_000)
    expect(time.quickMs).toBe(0)
    time.add(1_000)
    expect(time.quickMs).toBe(1_000)
  })

  it('settles where one answer in twenty is quicker', () => {
    const random = seededRandom(3)
    const time = new ServiceTime()
    const values: number[] = []
    for (let count = 0; count < 5_000; count++) {
      time.add(1_000 + 1_000 * random())
      if (count >= 1_000) values.push(time.quickMs)
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean).toBeGreaterThan(1_000)
    expect(mean).toBeLessThan(1_120)
  })

  it('follows answers that become slower, and those that become quicker', () => {
    const time = new ServiceTime()
    for (let count = 0; count < 100; count++) time.add(100)
    for (let count = 0; count < 2_000; count++) time.add(1_000)
    expect(time.quickMs).toBeGreaterThan(900)
    for (let count = 0; count < 100; count++) time.add(100)
    expect(time.quickMs).toBeLessThan(110)
  })

  it('never says more than the slowest answer took, and no step is long', () => {
    const answers = fc.array(fc.double({ min: 1, max: 1e5, noNaN: true }), { minLength: 20, maxLength: 300 })
    fc.assert(
      fc.property(answers, (all) => {
        const time = new ServiceTime()
        for (const answer of all) time.add(answer)
        expect(time.quickMs).toBeGreaterThan(0)
        expect(time.quickMs).toBeLessThanOrEqual(Math.max(...all) * 1.01)
      }),
    )
  })
})
