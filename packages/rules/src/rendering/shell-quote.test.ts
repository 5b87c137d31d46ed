import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shells, syntaxFaults } from '../../test/rendering/shell.js'
import { shellComment, shellQuote } from './shell-quote.js'

const words = fc.array(
  fc
    .oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        "'",
        '"',
        '$HOME',
        '$(id)',
        '`id`',
        '\n',
        'a\nb',
        '\\',
        '!!',
        '*',
        '~',
        '#',
        '-n',
        '',
        '=ls',
        'ü😀',
        '${A:?}',
      ),
    )
    .map((word) => word.replaceAll('\0', '')),
  { minLength: 1, maxLength: 5 },
)

describe.each(shells)('shellQuote in %s', (shell) => {
  test('a shell receives every word byte by byte', () => {
    fc.assert(
      fc.property(words, (list) => {
        const script = `printf '%s\\0' ${list.map(shellQuote).join(' ')}`
        expect(execFileSync(shell, ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(list)
      }),
    )
  })

  test('a comment does nothing, whatever stands in it', () => {
    fc.assert(
      fc.property(words, (list) => {
        const script = shellComment(`touch ${list.map(shellQuote).join(' ')}`)
        expect(execFileSync(shell, ['-c', `${script}\necho done`], { encoding: 'utf8' })).toBe('done\n')
        expect(syntaxFaults(shell, script)).toBe('')
      }),
    )
  })
})

test('plain words stay plain', () => {
  expect(['mistralai/Codestral-22B-v0.1', '--max-model-len=32768', '0.9'].map(shellQuote)).toEqual([
    'mistralai/Codestral-22B-v0.1',
    '--max-model-len=32768',
    '0.9',
  ])
  expect(shellQuote("it's")).toBe(`'it'\\''s'`)
})

test('taking the marks off a comment gives the text again', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(shellComment(text).replace(/^# ?/gm, '')).toBe(text)
    }),
  )
})
