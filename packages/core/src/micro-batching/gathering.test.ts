import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../testing/virtual-clock.js'
import { Gathering } from './gathering.js'

interface Sent {
  readonly at: number
  readonly items: readonly string[]
}

function gather(limits: { maxSize?: number; maxWaitMs?: number; maxWeight?: number } = {}) {
  const clock = new VirtualClock()
  const sent: Sent[] = []
  const all = { maxSize: 3, maxWaitMs: 2, maxWeight: 100, ...limits }
  const gathering = new Gathering<string>(all, clock, (items) => sent.push({ at: clock.now(), items: [...items] }))
  return { clock, sent, gathering }
}

describe('Gathering', () => {
  it('sends what is full at once, and the rest when the first of it has waited long enough', async () => {
    const { clock, sent, gathering } = gather()
    for (const item of ['a', 'b', 'c', 'd']) gathering.add('k', item, 1)
    expect(sent).toEqual([{ at: 0, items: ['a', 'b', 'c'] }])
    await clock.run(1)
    gathering.add('k', 'e', 1)
    await clock.run(10)
    expect(sent.slice(1)).toEqual([{ at: 2, items: ['d', 'e'] }])
  })

  it('keeps apart what may not go together, and sends all where there is no reason to wait', async () => {
    const { clock, sent, gathering } = gather()
    gathering.add('k', 'a', 1)
    gathering.add('l', 'b', 1)
    gathering.add('k', 'c', 1)
    gathering.releaseAll()
    expect(sent.map(({ items }) => items)).toEqual([['a', 'c'], ['b']])
    await clock.run()
    expect(sent).toHaveLength(2)
  })

  it('sends no more weight together than is allowed, and what is heavier by itself', () => {
    const { sent, gathering } = gather({ maxWeight: 10 })
    gathering.add('k', 'a', 6)
    gathering.add('k', 'b', 4)
    gathering.add('k', 'c', 1)
    expect(sent.map(({ items }) => items)).toEqual([['a', 'b']])
    gathering.add('k', 'd', 11)
    gathering.add('k', 'e', 1)
    expect(sent.map(({ items }) => items)).toEqual([['a', 'b'], ['c'], ['d']])
  })

  it('forgets what was taken back', async () => {
    const { clock, sent, gathering } = gather()
    gathering.add('k', 'a', 1)
    gathering.add('k', 'b', 1)
    gathering.remove('k', 'a')
    gathering.remove('k', 'nobody')
    gathering.remove('nothing', 'b')
    await clock.run()
    expect(sent.map(({ items }) => items)).toEqual([['b']])
    gathering.add('k', 'c', 1)
    gathering.remove('k', 'c')
    await clock.run()
    expect(sent).toHaveLength(1)
  })

  it('sends each item once, in order, within its limits, unless it was taken back', async () => {
    const step = fc.record({
      key: fc.constantFrom('k', 'l'),
      weight: fc.integer({ min: 1, max: 12 }),
      waitMs: fc.nat(3),
      takesBack: fc.boolean(),
    })
    const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { clock, sent, gathering } = gather({ maxWeight: 15 })
      const items = new Map<string, { readonly at: number; readonly key: string; readonly weight: number }>()
      const gone = new Set<string>()
      for (const [index, { key, weight, waitMs, takesBack }] of steps.entries()) {
        const item = `${key}${index}`
        items.set(item, { at: clock.now(), key, weight })
        gathering.add(key, item, weight)
        const isSent = sent.some((each) => each.items.includes(item))
        if (takesBack && !isSent) {
          gathering.remove(key, item)
          gone.add(item)
        }
        await clock.run(clock.now() + waitMs)
      }
      await clock.run()
      for (const { at, items: group } of sent) {
        expect(group.length).toBeLessThanOrEqual(3)
        const each = group.map((item) => items.get(item))
        expect(new Set(each.map((item) => item?.key)).size).toBe(1)
        const total = each.reduce((sum, item) => sum + (item?.weight ?? 0), 0)
        expect(group.length === 1 || total <= 15).toBe(true)
        for (const item of each) expect(at - (item?.at ?? 0)).toBeLessThanOrEqual(2)
      }
      for (const key of ['k', 'l']) {
        const expected = [...items.keys()].filter((item) => item.startsWith(key) && !gone.has(item))
        expect(sent.flatMap((each) => each.items).filter((item) => item.startsWith(key))).toEqual(expected)
      }
    })
    await fc.assert(property, { numRuns: 200 })
  })
})
