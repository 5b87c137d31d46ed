import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstRepeated } from './first-repeated.js'

test('is the first text that stood in the list before, in short lists and in long ones', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 30 }), (texts) => {
      expect(firstRepeated(texts)).toBe(texts.find((text, index) => texts.indexOf(text) < index))
    }),
  )
  expect(firstRepeated(['a', 'b', 'b', 'a'])).toBe('b')
})
