import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../testing/virtual-clock.js'
import { RequestQueue } from './request-queue.js'

describe('RequestQueue', () => {
  it('lets requests go in the order they came, each when it may', async () => {
    const clock = new VirtualClock()
    const queue = new RequestQueue<{ id: number }>(clock, 10, 'chat')
    const started: [number, number][] = []
    for (const id of [1, 2, 3]) {
      const { turn } = queue.join('interactive', () => (clock.now() >= id * 100 ? { id } : id * 100))
      turn.then(
        ({ id: which }) => started.push([which, clock.now()]),
        () => {},
      )
    }
    expect(queue.length).toBe(3)
    await clock.run()
    expect(started).toEqual([
      [1, 100],
      [2, 200],
      [3, 300],
    ])
    expect(queue.length).toBe(0)
  })

  it('hands on what a start throws, and goes on with the next', async () => {
    const clock = new VirtualClock()
    const queue = new RequestQueue<object>(clock, 10, 'chat')
    const first = queue.join('interactive', () => {
      if (clock.now() < 50) return 50
      throw new RangeError('no')
    })
    const second = queue.join('interactive', () => ({}))
    const outcomes = Promise.allSettled([first.turn, second.turn])
    await clock.run()
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })

  it('refuses one more than it holds, and says what to do', () => {
    const queue = new RequestQueue<object>(new VirtualClock(), 1, 'chat')
    queue.join('interactive', () => 1_000)
    expect(() => queue.join('interactive', () => 1_000)).toThrow(
      /'chat' already has 1 requests waiting.*concurrency.*rateLimits.*maxQueued/,
    )
  })

  it('keeps its length and leaves no timer, whoever leaves when', async () => {
    const step = fc.record({ waitMs: fc.integer({ min: 1, max: 100 }), leaves: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 100 }), async (steps) => {
        const clock = new VirtualClock()
        const queue = new RequestQueue<{ index: number }>(clock, 1_000, 'chat')
        const started: number[] = []
        const staying: number[] = []
        const places = steps.map(({ waitMs }, index) => {
          const place = queue.join('interactive', () => (clock.now() >= waitMs ? { index } : waitMs))
          place.turn.then(
            (value) => started.push(value.index),
            () => {},
          )
          return place
        })
        for (const [index, { leaves }] of steps.entries()) {
          if (leaves) places[index]?.leave()
          else staying.push(index)
        }
        expect(queue.length).toBe(staying.length)
        await clock.run()
        expect(started).toEqual(staying)
        expect(queue.length).toBe(0)
      }),
    )
  })
})
