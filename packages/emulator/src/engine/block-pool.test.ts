import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BlockPool, type BlockTable } from './block-pool.js'

const newTable = (): BlockTable => ({ blocks: 0, shared: [] })
const keyOf = (text: string) => (index: number) => `${text}#${index}`
const noKey = () => undefined

/** Starts a sequence whose blocks are all full and shared. */
function startShared(pool: BlockPool, text: string, blocks: number): BlockTable {
  const table = newTable()
  const hits = pool.countHits(keyOf(text), blocks)
  expect(pool.start(table, keyOf(text), { hits, plain: blocks - hits })).toBe(true)
  for (let index = hits; index < blocks; index += 1) pool.share(table, `${text}#${index}`)
  return table
}

test('blocks are neither lost nor invented, whatever is taken, shared and returned', () => {
  const action = fc.record({
    kind: fc.constantFrom('start', 'grow', 'share', 'release'),
    which: fc.nat(5),
    blocks: fc.nat(6),
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(action, { maxLength: 60 }), (total, actions) => {
      const pool = new BlockPool(total)
      const tables = Array.from({ length: 6 }, newTable)
      const held = () => {
        const shared = new Set(tables.flatMap((table) => table.shared))
        return tables.reduce((sum, table) => sum + table.blocks - table.shared.length, 0) + shared.size
      }
      for (const { kind, which, blocks } of actions) {
        const table = tables[which] ?? newTable()
        const key = keyOf(String(which % 2))
        if (kind === 'start' && table.blocks === 0) {
          const hits = pool.countHits(key, blocks)
          pool.start(table, key, { hits, plain: blocks - hits })
        }
        if (kind === 'grow') pool.grow(table, blocks)
        if (kind === 'share' && table.blocks > table.shared.length) pool.share(table, key(table.shared.length) ?? '')
        if (kind === 'release') pool.release(table)
        expect(pool.available).toBe(total - held())
        expect(pool.available).toBeGreaterThanOrEqual(0)
        expect(pool.usage).toBeCloseTo(held() / total, 9)
      }
      for (const table of tables) pool.release(table)
      expect(pool.available).toBe(total)
    }),
  )
})

test('what one sequence computed, the next one finds, also after the first is gone', () => {
  const pool = new BlockPool(10)
  const first = startShared(pool, 'a', 4)
  const second = startShared(pool, 'a', 3)
  expect(pool.available).toBe(6)
  pool.release(first)
  pool.release(second)
  expect(pool.available).toBe(10)
  expect(pool.countHits(keyOf('a'), 9)).toBe(4)
})

test('the text left the longest ago is evicted first, its last block before its first', () => {
  const pool = new BlockPool(6)
  const [a, b] = [startShared(pool, 'a', 3), startShared(pool, 'b', 3)]
  pool.release(a)
  pool.release(b)
  const table = newTable()
  expect(pool.start(table, noKey, { hits: 0, plain: 2 })).toBe(true)
  expect(pool.countHits(keyOf('a'), 3)).toBe(1)
  expect(pool.countHits(keyOf('b'), 3)).toBe(3)
})

test('without room nothing changes, and what is about to be used is not evicted for it', () => {
  const pool = new BlockPool(4)
  pool.release(startShared(pool, 'a', 3))
  const table = newTable()
  expect(pool.start(table, keyOf('a'), { hits: 3, plain: 2 })).toBe(false)
  expect(table).toEqual(newTable())
  expect(pool.countHits(keyOf('a'), 3)).toBe(3)
  expect(pool.start(table, keyOf('a'), { hits: 3, plain: 1 })).toBe(true)
  expect(pool.grow(table, 1)).toBe(false)
})
