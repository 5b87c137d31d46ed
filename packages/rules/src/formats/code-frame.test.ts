import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeFrame } from './code-frame.js'
import { displayWidth } from './display-width.js'
import { maskLines } from './masked-lines.js'

const frame = (text: string, line: number, column: number) => codeFrame(maskLines(text), { line, column })

describe('codeFrame', () => {
  test('shows the line, its neighbours and a caret under the column', () => {
    expect(frame('a:\n  b: 1\n  c: 2\nd: 3', 2, 3)).toEqual(['  1 | a:', '> 2 |   b: 1', '    |   ^', '  3 |   c: 2'])
  })

  test('the first and the last line have one neighbour', () => {
    expect(frame('a: 1\nb: 2', 1, 1)).toEqual(['> 1 | a: 1', '    | ^', '  2 | b: 2'])
    expect(frame('a: 1\r\nb: 2', 2, 4)).toEqual(['  1 | a: 1', '> 2 | b: 2', '    |    ^'])
  })

  test('line numbers are aligned', () => {
    expect(frame('x\n'.repeat(12), 9, 1)).toEqual(['   8 | x', '>  9 | x', '     | ^', '  10 | x'])
  })

  test('tabs, wide characters, emoji and combining marks keep the caret in its place', () => {
    expect(frame('\tname: x', 1, 2).slice(0, 2)).toEqual(['> 1 |     name: x', '    |     ^'])
    expect(frame('模型: x', 1, 5).slice(0, 2)).toEqual(['> 1 | 模型: x', '    |       ^'])
    expect(frame('👩‍🔧: x', 1, 8).slice(0, 2)).toEqual(['> 1 | 👩‍🔧: x', '    |     ^'])
    expect(frame('e\u0301: x', 1, 5).slice(0, 2)).toEqual(['> 1 | e\u0301: x', '    |    ^'])
  })

  test('a long line is cropped around the column', () => {
    const [line = '', caret = ''] = frame(`${'a'.repeat(500)}HERE${'b'.repeat(500)}`, 1, 501)
    expect(line.length).toBeLessThan(120)
    expect(line.slice(caret.indexOf('^')).startsWith('HERE')).toBe(true)
    expect(line).toMatch(/ … ?|…a/)
  })

  test('a column behind the end points behind the end, a line that is not there gives nothing', () => {
    expect(frame('ab', 1, 99)).toEqual(['> 1 | ab', '    |   ^'])
    expect(frame('ab', 7, 1)).toEqual([])
  })

  test('secrets are hidden, and the caret knows', () => {
    const text = '{ "apiKey": "a very long secret", "model": 1 }'
    expect(frame(text, 1, text.indexOf('"model"') + 1)).toEqual([
      '> 1 | { "apiKey": ***, "model": 1 }',
      '    |                  ^',
    ])
  })

  test('any text and place give lines a terminal can show, of bounded width', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.nat({ max: 5 }),
        fc.nat({ max: 500 }),
        (text, line, column) => {
          for (const shown of frame(text, line + 1, column + 1)) {
            expect(shown).not.toMatch(/\p{Cc}/u)
            expect(displayWidth(shown)).toBeLessThan(520)
          }
        },
      ),
    )
  })
})
