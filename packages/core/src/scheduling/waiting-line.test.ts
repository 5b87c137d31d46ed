import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../testing/seeded-random.js'
import { WaitingLine } from './waiting-line.js'

/** Counts how often it is looked at: what a line does is bounded by that. */
class Item {
  static looks = 0
  readonly id: number
  #isGone = false

  constructor(id: number) {
    this.id = id
  }

  get isGone(): boolean {
    Item.looks += 1
    return this.#isGone
  }

  leave(line: WaitingLine<Item>): void {
    this.#isGone = true
    line.remove(this)
  }
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
            model.splice(index, 1)[0]?.leave(line)
          }
          expect(line.length).toBe(model.length)
          expect(line.first).toBe(model[0])
          expect(line.places).toBeLessThanOrEqual(2 * model.length + 32)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('takes a few steps for each of 100,000 that leave anywhere, and forgets them', () => {
    const random = seededRandom(1)
    const line = new WaitingLine<Item>()
    const waiting = Array.from({ length: 100_000 }, (_, id) => new Item(id))
    for (const item of waiting) line.add(item)
    Item.looks = 0
    for (let left = waiting.length; left > 0; left--) {
      const index = Math.floor(random() * left)
      const leaving = waiting[index] as Item
      waiting[index] = waiting[left - 1] as Item
      leaving.leave(line)
      if (line.places > 2 * line.length + 32) throw new Error(`${line.places} places for ${line.length} that wait`)
    }
    expect(line.length).toBe(0)
    expect(line.places).toBe(0)
    expect(Item.looks).toBeLessThan(5 * 100_000)
  })

  it('takes a few steps for each of 100,000 that go on in order while others join', () => {
    const line = new WaitingLine<Item>()
    for (let id = 0; id < 100_000; id++) line.add(new Item(id))
    Item.looks = 0
    for (let id = 0; id < 100_000; id++) {
      if (line.first?.id !== id) throw new Error(`${line.first?.id} was first in the place of ${id}`)
      line.first.leave(line)
      line.add(new Item(100_000 + id))
    }
    expect(line.length).toBe(100_000)
    expect(Item.looks).toBeLessThan(5 * 100_000)
  })
})
