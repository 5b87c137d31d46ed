import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokenBlockKeys } from './token-block-keys.js'

const tokens = fc.array(fc.nat(3), { minLength: 0, maxLength: 40 })

test('blocks share a key exactly where everything up to their end is the same', () => {
  fc.assert(
    fc.property(tokens, tokens, fc.integer({ min: 1, max: 4 }), (a, b, blockSize) => {
      const [keysA, keysB] = [tokenBlockKeys(a, blockSize), tokenBlockKeys(b, blockSize)]
      for (let index = 0; index < 10; index += 1) {
        const end = (index + 1) * blockSize
        const isSame = a.length >= end && b.length >= end && a.slice(0, end).join() === b.slice(0, end).join()
        const isAbsent = a.length < end && b.length < end
        expect(keysA(index) === keysB(index)).toBe(isSame || isAbsent)
      }
    }),
  )
})

test('a block that is not full has no key, and the order of asking does not matter', () => {
  const keys = tokenBlockKeys([1, 2, 3, 4, 5], 2)
  expect(keys(2)).toBeUndefined()
  const second = keys(1)
  expect(keys(0)).not.toBe(second)
  expect(tokenBlockKeys([1, 2, 3, 4], 2)(1)).toBe(second)
})
