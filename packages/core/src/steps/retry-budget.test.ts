import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RetryBudget } from './retry-budget.js'

describe('RetryBudget', () => {
  it('lets a quiet client retry from its reserve', () => {
    const budget = new RetryBudget(0.1, 2)
    expect([budget.trySpend(), budget.trySpend(), budget.trySpend()]).toEqual([true, true, false])
  })

  it('earns a retry back with every ten calls at a ratio of 0.1', () => {
    const budget = new RetryBudget(0.1, 1)
    budget.trySpend()
    for (let call = 0; call < 11; call += 1) budget.earn()
    expect([budget.trySpend(), budget.trySpend()]).toEqual([true, false])
  })

  it('never grants more than the reserve and the share of calls, in any order of events', () => {
    const events = fc.array(fc.boolean(), { maxLength: 2_000 })
    fc.assert(
      fc.property(
        events,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 20 }),
        (calls, ratio, reserve) => {
          const budget = new RetryBudget(ratio, reserve)
          let earned = 0
          let granted = 0
          for (const isCall of calls) {
            if (isCall) {
              budget.earn()
              earned += 1
            } else if (budget.trySpend()) granted += 1
          }
          expect(granted).toBeLessThanOrEqual(reserve + earned * ratio + 1e-6)
        },
      ),
    )
  })

  it('keeps a total outage near 1 + ratio attempts per call', () => {
    const budget = new RetryBudget(0.1)
    let attempts = 0
    for (let call = 0; call < 10_000; call += 1) {
      budget.earn()
      attempts += 1
      for (let retry = 0; retry < 2 && budget.trySpend(); retry += 1) attempts += 1
    }
    expect(attempts / 10_000).toBeLessThanOrEqual(1.102)
  })
})
