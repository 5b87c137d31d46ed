import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../testing/virtual-clock.js'
import { WaitingLine } from './waiting-line.js'

describe('WaitingLine', () => {
  it('lets requests go in the order they came, each when it may', async () => {
    const clock = new VirtualClock()
    const line = new WaitingLine<{ id: number }>(clock, 10, 'chat')
    const started: [number, number][] = []
    for (const id of [1, 2, 3]) {
      const { turn } = line.join(() => (clock.now() >= id * 100 ? { id } : id * 100))
      turn.then(
        ({ id: which }) => started.push([which, clock.now()]),
        () => {},
      )
    }
    expect(line.length).toBe(3)
    await clock.run()
    expect(started).toEqual([
      [1, 100],
      [2, 200],
      [3, 300],
    ])
    expect(line.length).toBe(0)
  })

  it('hands on what a start throws, and goes on with the next', async () => {
    const clock = new VirtualClock()
    const line = new WaitingLine<object>(clock, 10, 'chat')
    const first = line.join(() => {
      if (clock.now() < 50) return 50
      throw new RangeError('no')
    })
    const second = line.join(() => ({}))
    const outcomes = Promise.allSettled([first.turn, second.turn])
    await clock.run()
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })

  it('refuses one more than it holds, and says what to do', () => {
    const line = new WaitingLine<object>(new VirtualClock(), 1, 'chat')
    line.join(() => 1_000)
    expect(() => line.join(() => 1_000)).toThrow(/'chat' already has 1 requests waiting.*rateLimits.*maxQueued/)
  })

  it('keeps its length and leaves no timer, whoever leaves when', async () => {
    const step = fc.record({ waitMs: fc.integer({ min: 1, max: 100 }), leaves: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 100 }), async (steps) => {
        const clock = new VirtualClock()
        const line = new WaitingLine<{ index: number }>(clock, 1_000, 'chat')
        const started: number[] = []
        const staying: number[] = []
        const places = steps.map(({ waitMs }, index) => {
          const place = line.join(() => (clock.now() >= waitMs ? { index } : waitMs))
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
        expect(line.length).toBe(staying.length)
        await clock.run()
        expect(started).toEqual(staying)
        expect(line.length).toBe(0)
      }),
    )
  })
})
