import { crc32 as nativeCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from './crc32.js'

describe('crc32', () => {
  it('gives the published check value', () => {
    expect(crc32(Buffer.from('123456789'), 0, 9)).toBe(0xcbf43926)
  })

  it('is that of zlib for every part of any bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 1500 })
    fc.assert(
      fc.property(bytes, fc.nat(), fc.nat(), (values, a, b) => {
        const buffer = Buffer.from(values)
        const [start = 0, end = 0] = [a % (buffer.length + 1), b % (buffer.length + 1)].sort((x, y) => x - y)
        expect(crc32(buffer, start, end)).toBe(nativeCrc32(buffer.subarray(start, end)))
      }),
    )
  })
})
