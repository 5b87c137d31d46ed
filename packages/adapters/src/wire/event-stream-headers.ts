import type { Buffer } from 'node:buffer'

/** Bytes of the values whose length does not depend on the message, by the type's number. */
const fixedLengths: ReadonlyMap<number, number> = new Map([
  [0, 0],
  [1, 0],
  [2, 1],
  [3, 2],
  [4, 4],
  [5, 8],
  [8, 8],
  [9, 16],
])
const bytesType = 6
const stringType = 7

/**
 * Reads the headers of an event-stream message: those that are texts, which is all a protocol on top of it uses. Headers
 * of other types are stepped over.
 * @returns `undefined` where the bytes are no headers
 */
export function readEventStreamHeaders(
  bytes: Buffer,
  start: number,
  end: number,
): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>()
  let at = start
  while (at < end) {
    const nameEnd = at + 1 + (bytes[at] ?? 0)
    if (nameEnd === at + 1 || nameEnd >= end) return undefined
    const name = bytes.toString('utf8', at + 1, nameEnd)
    const value = findValue(bytes, nameEnd, end)
    if (value === undefined) return undefined
    if (value.isText) headers.set(name, bytes.toString('utf8', value.start, value.end))
    at = value.end
  }
  return headers
}

interface HeaderValue {
  readonly start: number
  readonly end: number
  readonly isText: boolean
}

/** Where a value is, from the byte that tells its type. */
function findValue(bytes: Buffer, typeAt: number, end: number): HeaderValue | undefined {
  const type = bytes[typeAt] ?? -1
  const fixed = fixedLengths.get(type)
  const hasLength = type === bytesType || type === stringType
  if (fixed === undefined && (!hasLength || typeAt + 3 > end)) return undefined
  const start = hasLength ? typeAt + 3 : typeAt + 1
  const length = fixed ?? bytes.readUInt16BE(typeAt + 1)
  return start + length > end ? undefined : { start, end: start + length, isText: type === stringType }
}
