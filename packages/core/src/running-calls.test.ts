import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Call } from './call.js'
import { RunningCalls } from './running-calls.js'
import { VirtualClock } from './testing/virtual-clock.js'

const limits = { firstTokenMs: Number.POSITIVE_INFINITY, interTokenMs: Number.POSITIVE_INFINITY, totalMs: 1_000 }

function createCalls(count: number): readonly Call[] {
  const clock = new VirtualClock()
  return Array.from({ length: count }, (_, index) => {
    return new Call({ requestId: String(index), limits, signal: undefined, clock })
  })
}

describe('RunningCalls', () => {
  it('holds what a set would hold', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(9)), { maxLength: 100 }), (steps) => {
        const calls = createCalls(10)
        const running = new RunningCalls()
        const model = new Set<Call>()
        for (const [isAdded, index] of steps) {
          const call = calls[index] as Call
          if (!isAdded) running.delete(call)
          else if (!model.has(call)) running.add(call)
          if (isAdded) model.add(call)
          else model.delete(call)
          expect(running.size).toBe(model.size)
          expect(new Set(running.list())).toEqual(model)
        }
      }),
    )
  })

  it('gives a list that calls may leave while it is read', () => {
    const running = new RunningCalls()
    for (const call of createCalls(5)) running.add(call)
    for (const call of running.list()) running.delete(call)
    expect(running.size).toBe(0)
  })
})
