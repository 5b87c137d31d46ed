import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asciiLookAlike, firstOddCharacter } from './look-alike.js'

test.each([
  ['c\u043edestral', 'codestral', 'U+043E'],
  ['\uff47\uff50\uff54-4o', 'gpt-4o', 'U+FF47'],
  ['gpt\u20114o', 'gpt-4o', 'U+2011'],
  ['gpt-4o\u200b', 'gpt-4o', 'U+200B'],
  ['\u041cistral', 'Mistral', 'U+041C'],
])('%s looks like %s', (name, plain, odd) => {
  expect(asciiLookAlike(name)).toBe(plain)
  expect(firstOddCharacter(name)).toBe(odd)
})

test('an ASCII name, and one that looks like none, are no look-alikes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (name) => {
      expect(asciiLookAlike(name)).toBeUndefined()
    }),
  )
  expect(asciiLookAlike('\u6a21\u578b')).toBeUndefined()
})
