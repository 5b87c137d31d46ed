import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparePep440, type Pep440Version, parsePep440 } from './pep440.js'

const parse = (text: string): Pep440Version => {
  const version = parsePep440(text)
  if (version === undefined) throw new Error(`${text} is no version`)
  return version
}

// The order that PEP 440 itself lists, with epochs and local versions added.
const ordered = [
  '1.0.dev456',
  '1.0a1',
  '1.0a2.dev456',
  '1.0a12.dev456',
  '1.0a12',
  '1.0b1.dev456',
  '1.0b2',
  '1.0b2.post345.dev456',
  '1.0b2.post345',
  '1.0rc1.dev456',
  '1.0rc1',
  '1.0',
  '1.0+abc.5',
  '1.0+abc.7',
  '1.0+5',
  '1.0.post456.dev34',
  '1.0.post456',
  '1.0.15',
  '1.1.dev1',
  '1.10',
  '1!0.1',
]

const version = fc
  .record({
    epoch: fc.option(fc.nat(2), { nil: undefined }),
    release: fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }),
    pre: fc.option(fc.tuple(fc.constantFrom('a', 'b', 'rc'), fc.nat(3)), { nil: undefined }),
    post: fc.option(fc.nat(3), { nil: undefined }),
    dev: fc.option(fc.nat(3), { nil: undefined }),
    local: fc.option(fc.array(fc.constantFrom('a', 'b', '1', '2', '10'), { minLength: 1, maxLength: 3 }), {
      nil: undefined,
    }),
  })
  .map(({ epoch, release, pre, post, dev, local }) =>
    [
      epoch === undefined ? '' : `${epoch}!`,
      release.join('.'),
      pre === undefined ? '' : pre.join(''),
      post === undefined ? '' : `.post${post}`,
      dev === undefined ? '' : `.dev${dev}`,
      local === undefined ? '' : `+${local.join('.')}`,
    ].join(''),
  )

describe('comparePep440', () => {
  test('orders the list of PEP 440', () => {
    for (const [i, a] of ordered.entries())
      for (const [j, b] of ordered.entries())
        expect(Math.sign(comparePep440(parse(a), parse(b))), `${a} and ${b}`).toBe(Math.sign(i - j))
  })

  test.each([
    ['1.0', '1.0.0'],
    ['v1.0', '1.0'],
    ['1.0-1', '1.0.post1'],
    ['1.0.r4', '1.0.post4'],
    ['1.0alpha1', '1.0a1'],
    ['1.0-preview_2', '1.0rc2'],
    ['1.0+ubuntu-1', '1.0+ubuntu.1'],
    [' 1.0C1 ', '1.0rc1'],
    ['1.0.post', '1.0.post0'],
  ])('%s is the same as %s', (a, b) => {
    expect(comparePep440(parse(a), parse(b))).toBe(0)
  })

  test('is a total order', () => {
    fc.assert(
      fc.property(version, version, version, (x, y, z) => {
        const [a, b, c] = [parse(x), parse(y), parse(z)]
        expect(Math.sign(comparePep440(a, b))).toBe(-Math.sign(comparePep440(b, a)) + 0)
        expect(comparePep440(a, a)).toBe(0)
        if (comparePep440(a, b) <= 0 && comparePep440(b, c) <= 0) expect(comparePep440(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })
})

describe('parsePep440', () => {
  test.each(['', 'latest', '1.', '1..0', '1.0+', '1.0x', '1.0+a..b', '9'.repeat(300)])('refuses %j', (text) => {
    expect(parsePep440(text)).toBeUndefined()
  })

  test('takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parsePep440(text)).not.toThrow()
      }),
    )
  })
})
