import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OrderedQueue } from './ordered-queue.js'
import { Sequence } from './sequence.js'

const request = { promptTokens: 1, outputTokens: 1 }

test('whatever is added and taken out, the rest comes in order', () => {
  const steps = fc.array(fc.oneof(fc.record({ add: fc.integer({ min: -3, max: 3 }) }), fc.record({ remove: fc.nat() })))
  fc.assert(
    fc.property(steps, (actions) => {
      const queue = new OrderedQueue<Sequence>()
      let expected: Sequence[] = []
      for (const [order, action] of actions.entries()) {
        if ('add' in action) {
          const sequence = new Sequence(request, order, action.add, 0)
          queue.add(sequence)
          expected.push(sequence)
        } else {
          const leaver = expected[action.remove % expected.length]
          if (leaver === undefined) continue
          queue.remove(leaver)
          expected = expected.filter((sequence) => sequence !== leaver)
        }
      }
      expected.sort((a, b) => a.priority - b.priority || a.order - b.order)
      for (const sequence of expected) {
        expect(queue.first).toBe(sequence)
        queue.remove(sequence)
      }
      expect(queue.size).toBe(0)
    }),
  )
})
