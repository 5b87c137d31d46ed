import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wrapText } from './wrap-text.js'

it('keeps every word, and every line in its width unless one word is longer', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 }),
      fc.integer({ min: 24, max: 120 }),
      (words, columns) => {
        const lines = wrapText(words.join(' '), columns, '    ')
        expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(words)
        for (const line of lines) expect(line.length <= columns || !line.trim().includes(' ')).toBe(true)
      },
    ),
  )
})

it('does not break what has no limit', () => {
  expect(wrapText('a b c', Number.POSITIVE_INFINITY, '  ')).toEqual(['  a b c'])
})
