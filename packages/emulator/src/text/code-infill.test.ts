import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../random.js'
import { fillCode } from './code-infill.js'
import { parseFillInTheMiddle } from './fill-in-the-middle-prompt.js'
import { specialTokens } from './special-tokens.js'

const fill = (prefix: string, suffix = '') => fillCode(prefix, suffix, createRandom(0))

test.each([
  ['Python, new line', 'def add(a, b):\n', '\n\nprint(add(1, 2))', '    return a + b'],
  ['Python, indented line', 'def multiply(x: int, y: int) -> int:\n    ', '\n', 'return x * y'],
  ['Python, end of the head', 'class A:\n    def area(self, w, h):', '\n', '\n        return w * h'],
  ['Python, after return', 'def subtract(a, b):\n    return ', '\n', 'a - b'],
  ['TypeScript', 'export function sum(a: number, b: number): number {\n  return ', '\n}', 'a + b'],
  ['TypeScript arrow function', 'const isEven = (n: number) => {\n', '\n}', '  return n % 2 == 0'],
  ['JavaScript with semicolons', 'const x = 1;\nfunction concat(a, b) {\n  ', '\n}', 'return a + b;'],
  ['Go', 'func Add(a int, b int) int {\n\t', '\n}', 'return a + b'],
  ['Java', 'public static int add(int a, int b) {\n    int c = 0;\n    ', '\n}', 'return a + b;'],
  ['nothing known', 'if ready:\n    ', '\n', 'pass'],
])('%s', (_, prefix, suffix, expected) => {
  expect(fill(prefix, suffix)).toBe(expected)
})

test.each([
  ['Codestral', '<s>[SUFFIX]S S[PREFIX]P P'],
  ['CodeGemma', '<|fim_prefix|>P P<|fim_suffix|>S S<|fim_middle|>'],
  ['DeepSeek', '<｜fim▁begin｜>P P<｜fim▁hole｜>S S<｜fim▁end｜>'],
  ['Code Llama', '<PRE> P P <SUF>S S <MID>'],
  ['Code Llama, suffix first', '<PRE> <SUF>S S <MID> P P'],
  ['StarCoder', '<fim_prefix>P P<fim_suffix>S S<fim_middle>'],
  ['StarCoder, suffix first', '<fim_prefix><fim_suffix>S S<fim_middle>P P'],
])('the two sides of a %s prompt are found', (_, prompt) => {
  expect(parseFillInTheMiddle(prompt)).toEqual({ prefix: 'P P', suffix: 'S S' })
})

test('a prompt without sentinels is none', () => {
  expect(parseFillInTheMiddle('def add(a, b):')).toBeUndefined()
})

test('no code repeats a sentinel, whatever stands around it', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('def add(a, b):\n', 'return ', '{\n', 'function f(x) ', ...specialTokens.keys()),
  )
  const code = fc.array(piece).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(code, code, (prefix, suffix) => {
      const middle = fill(prefix, suffix)
      expect([...specialTokens.keys()].filter((token) => middle.includes(token))).toEqual([])
    }),
  )
})
