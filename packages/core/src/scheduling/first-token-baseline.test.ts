import { describe, expect, it } from 'vitest'
import { seededRandom } from '../testing/seeded-random.js'
import { FirstTokenBaseline } from './first-token-baseline.js'

describe('FirstTokenBaseline', () => {
  it('takes no wait for long before it knows any', () => {
    const baseline = new FirstTokenBaseline()
    expect(baseline.middle).toBeUndefined()
    expect(baseline.longSteps).toBe(Number.POSITIVE_INFINITY)
  })

  it('has a first idea after one wait', () => {
    const baseline = new FirstTokenBaseline()
    baseline.add(4)
    expect(baseline.middle).toBe(4)
    expect(baseline.longSteps).toBe(6)
  })

  it('takes about one usual wait in seven for long, and none that is hardly longer than the others', () => {
    const random = seededRandom(5)
    const baseline = new FirstTokenBaseline()
    for (let count = 0; count < 400; count++) baseline.add(1 + 9 * random())
    const long = Array.from({ length: 2_000 }, () => 1 + 9 * random()).filter((wait) => wait > baseline.longSteps)
    expect(long.length / 2_000).toBeGreaterThan(0.05)
    expect(long.length / 2_000).toBeLessThan(0.35)
    const even = new FirstTokenBaseline()
    for (let count = 0; count < 400; count++) even.add(3)
    expect(even.longSteps).toBe(4.5)
  })

  it('is not spoilt by a time in which waits were long', () => {
    const baseline = new FirstTokenBaseline()
    for (let count = 0; count < 10 * 16; count++) baseline.add(2)
    for (let count = 0; count < 14 * 16; count++) baseline.add(50)
    expect(baseline.middle).toBe(2)
  })

  it('forgets what was usual long ago', () => {
    const baseline = new FirstTokenBaseline()
    for (let count = 0; count < 24 * 16; count++) baseline.add(2)
    for (let count = 0; count < 24 * 16; count++) baseline.add(8)
    expect(baseline.middle).toBe(8)
  })
})
