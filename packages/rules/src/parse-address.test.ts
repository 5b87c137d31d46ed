import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAddress } from './parse-address.js'

const piece = fc.constantFrom(
  ...[
    'a',
    'gpu-1',
    'v1',
    '1',
    '0x7f',
    '127.0.0.1',
    'xn--a',
    'A',
    '_',
    '.',
    '..',
    '-',
    '/',
    '//',
    ':80',
    ':443',
    ':8000',
  ],
  ...[':08', ':99999', '@', '?', '#', '%41', 'é', '\u3002', ' ', 'localhost', '[::1]', '\\', '\t'],
)
const address = fc
  .tuple(fc.constantFrom('http://', 'https://', 'HTTP://', 'ftp://', 'http:/', ''), fc.array(piece, { maxLength: 6 }))
  .map(([scheme, pieces]) => scheme + pieces.join(''))

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

test('an address with an accented letter stays one, however often it is asked for', () => {
  const hosts = new Set<string | undefined>()
  for (let call = 0; call < 20_000; call += 1) hosts.add(parseAddress('http://é/v1')?.hostname)
  expect([...hosts]).toEqual(['xn--9ca'])
})

test('an address is what URL makes of it', () => {
  fc.assert(
    fc.property(fc.oneof(address, fc.webUrl(), fc.string()), (text) => {
      const parsed = parseAddress(text)
      const url = urlOf(text)
      const parts = (of: typeof parsed) => of && [of.protocol, of.hostname, of.pathname, of.origin]
      expect(parts(parsed)).toEqual(parts(url))
    }),
    { numRuns: 2_000 },
  )
})
