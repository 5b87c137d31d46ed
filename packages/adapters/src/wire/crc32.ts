import type { Buffer } from 'node:buffer'
import { crc32 as nativeCrc32 } from 'node:zlib'

/** From this length on the call into native code is worth its price. */
const minNativeLength = 512

/** Table 0 is CRC-32/ISO-HDLC byte by byte; table `n` is what a byte does to the checksum `n` bytes later. */
const tables = createTables()
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables

function createTables() {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
    return value
  })
  const at = (table: Int32Array, index: number): number => table[index] as number
  const next = (table: Int32Array): Int32Array => table.map((value) => at(first, value & 255) ^ (value >>> 8))
  const second = next(first)
  const third = next(second)
  const fourth = next(third)
  const fifth = next(fourth)
  const sixth = next(fifth)
  const seventh = next(sixth)
  return [first, second, third, fourth, fifth, sixth, seventh, next(seventh)] as const
}

/**
 * The CRC-32 (ISO-HDLC, the one of zlib) of the bytes from `start` to `end`.
 *
 * A hot path: frames of a stream are some 150 bytes long, and for those eight table look-ups at once are quicker than
 * `zlib.crc32`, which costs a view and a call into native code.
 */
export function crc32(bytes: Buffer, start: number, end: number): number {
  if (end - start >= minNativeLength) return nativeCrc32(bytes.subarray(start, end))
  let at = start
  let value = -1
  // Every index is below `end` or masked to a byte, so that no look-up can miss.
  for (; at + 8 <= end; at += 8) {
    const low =
      value ^
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24))
    value =
      (t7[low & 255] as number) ^
      (t6[(low >>> 8) & 255] as number) ^
      (t5[(low >>> 16) & 255] as number) ^
      (t4[low >>> 24] as number) ^
      (t3[bytes[at + 4] as number] as number) ^
      (t2[bytes[at + 5] as number] as number) ^
      (t1[bytes[at + 6] as number] as number) ^
      (t0[bytes[at + 7] as number] as number)
  }
  for (; at < end; at++) value = (t0[(value ^ (bytes[at] as number)) & 255] as number) ^ (value >>> 8)
  return ~value >>> 0
}
