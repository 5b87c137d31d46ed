import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchGlob } from './match-glob.js'

test.each([
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['llama-*', 'llama-3-8b', true],
  ['llama-?-8b', 'llama-3-8b', true],
  ['llama-?-8b', 'llama-3.1-8b', false],
  ['*8B', 'llama-3-8b', true],
  ['*a*b', 'aab', true],
  ['a.c', 'abc', false],
])('%j and %j: %s', (pattern, text, matches) => {
  expect(matchGlob(pattern, text)).toBe(matches)
})

test('agrees with a regular expression', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((chars) => chars.join(''))
  fc.assert(
    fc.property(letters, fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }), (pattern, chars) => {
      const text = chars.join('')
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
      expect(matchGlob(pattern, text)).toBe(expression.test(text))
    }),
  )
})

test('a pattern that would stall a backtracking matcher is answered', () => {
  expect(matchGlob('a*'.repeat(1000), `${'a'.repeat(1999)}b`.slice(0, 1500))).toBe(true)
  expect(matchGlob(`${'a*'.repeat(500)}c`, 'a'.repeat(2000))).toBe(false)
})
