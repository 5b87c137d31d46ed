import fc from 'fast-check'
import { expect, test } from 'vitest'
import { specialTokens } from './special-tokens.js'
import { decode, encode, splitIntoPieces } from './tokenizer.js'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...specialTokens.keys(), ' ', 'a', '1', '\n', '<', '|') }),
)

test('every text comes back from its tokens', () => {
  fc.assert(fc.property(anyText, (text) => decode(encode(text, false)) === text))
})

test('pieces joined are the text, and there is one token per piece', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const pieces = splitIntoPieces(text)
      expect(pieces.join('')).toBe(text)
      expect(encode(text, false)).toHaveLength(pieces.length)
    }),
  )
})

test('different pieces have different tokens', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      fc.pre(a !== b)
      expect(encode(a, false)).not.toEqual(encode(b, false))
    }),
  )
})

test('any list of ids decodes to some text', () => {
  fc.assert(fc.property(fc.array(fc.maxSafeNat()), (ids) => typeof decode(ids) === 'string'))
})

test('control tokens have the ids of the vocabularies they come from', () => {
  expect(encode('[SUFFIX]b[PREFIX]a', true)).toEqual([1, 13, expect.any(Number), 11, expect.any(Number)])
  expect(decode([14, 16])).toBe('[PREFIX][SUFFIX]')
  expect(encode('<|fim_prefix|>', false)).toEqual([67])
})

test('English prose has about four characters per token', () => {
  const prose =
    'Explain how the merge request widget decides which approval rules apply to a change, and what happens when two of them disagree.'
  const perToken = prose.length / encode(prose, false).length
  expect(perToken).toBeGreaterThan(3)
  expect(perToken).toBeLessThan(5.5)
})
