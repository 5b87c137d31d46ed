import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type InLine, WaitingLine } from './waiting-line.js'

class Item implements InLine<Item> {
  readonly id: number
  previous: Item | undefined
  next: Item | undefined

  constructor(id: number) {
    this.id = id
  }
}

function idsOf({ first }: WaitingLine<Item>): readonly number[] {
  const ids: number[] = []
  for (let item = first; item !== undefined; item = item.next) ids.push(item.id)
  return ids
}

const command = fc.oneof(
  { weight: 3, arbitrary: fc.constant('join' as const) },
  { weight: 2, arbitrary: fc.constant('go-on' as const) },
  { weight: 2, arbitrary: fc.nat({ max: 1_000 }) },
)

describe('WaitingLine', () => {
  it('keeps the order in which items came, whoever leaves where', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 400 }), (commands) => {
        const line = new WaitingLine<Item>()
        const model: Item[] = []
        for (const [id, step] of commands.entries()) {
          if (step === 'join') {
            const item = new Item(id)
            line.add(item)
            model.push(item)
          } else {
            const index = step === 'go-on' ? 0 : step % Math.max(1, model.length)
            const [leaving] = model.splice(index, 1)
            if (leaving === undefined) continue
            line.remove(leaving)
            // Whoever keeps it keeps nobody else.
            expect([leaving.previous, leaving.next]).toEqual([undefined, undefined])
          }
          expect(line.length).toBe(model.length)
          expect(line.first).toBe(model[0])
          expect(idsOf(line)).toEqual(model.map((item) => item.id))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('lets one that has left join again, at the end', () => {
    const line = new WaitingLine<Item>()
    const items = [new Item(0), new Item(1), new Item(2)] as const
    for (const item of items) line.add(item)
    line.remove(items[1])
    line.add(items[1])
    expect(idsOf(line)).toEqual([0, 2, 1])
  })
})
