/** A JSON Pointer (RFC 6901) to the value under these keys. */
export function jsonPointer(segments: readonly PropertyKey[]): string {
  let pointer = ''
  for (const segment of segments) pointer += `/${escapeSegment(String(segment))}`
  return pointer
}

function escapeSegment(segment: string): string {
  return /[~/]/.test(segment) ? segment.replaceAll('~', '~0').replaceAll('/', '~1') : segment
}
