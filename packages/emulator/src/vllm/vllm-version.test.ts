import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareVllmVersions, parseVllmVersion } from './vllm-version.js'

const ascending = [
  '0.6.4.dev1',
  '0.6.4a1',
  '0.6.4b2',
  '0.6.4rc1',
  '0.6.4',
  '0.6.4.post1',
  '0.6.5.dev12+gabc123',
  '0.6.5',
  '0.9.2',
  '0.10.0',
  '0.10.1rc2.dev3+g1',
  '0.10.1rc2',
  '0.10.1',
  '0.11',
  '1!0.1',
]

test.each(ascending.slice(1).map((newer, index) => [ascending[index] ?? '', newer]))(
  '%s is older than %s',
  (older, newer) => {
    expect(compareVllmVersions(parseVllmVersion(older), parseVllmVersion(newer))).toBeLessThan(0)
    expect(compareVllmVersions(parseVllmVersion(newer), parseVllmVersion(older))).toBeGreaterThan(0)
  },
)

test.each([
  ['0.11', '0.11.0'],
  ['v0.6.4-1', '0.6.4.post1'],
  ['0.6.4+cu121', '0.6.4'],
  ['0.7.0RC1', '0.7.0rc1'],
])('%s equals %s', (a, b) => {
  expect(compareVllmVersions(parseVllmVersion(a), parseVllmVersion(b))).toBe(0)
})

test('numbers compare as numbers', () => {
  const numbers = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99))
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const order = Math.sign(a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
      expect(Math.sign(compareVllmVersions(parseVllmVersion(a.join('.')), parseVllmVersion(b.join('.'))))).toBe(order)
    }),
  )
})

test('text that is no version is named, and nothing else is thrown', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(parseVllmVersion(text).length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toMatchObject({ name: 'EmulatorError', code: 'invalid-option' })
      }
    }),
  )
})
