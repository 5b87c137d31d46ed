/** The segments of a JSON Pointer (RFC 6901); none for `''`. */
export function pointerSegments(pointer: string): string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The pointer to the value around the one `pointer` leads to, and the last segment. */
export function splitPointer(pointer: string): { parent: string; last: string } {
  const cut = pointer.lastIndexOf('/')
  const last = pointerSegments(pointer).at(-1) ?? ''
  return { parent: cut < 0 ? '' : pointer.slice(0, cut), last }
}
