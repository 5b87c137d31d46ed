/** A hash that takes text piece by piece; its values fit V8's small integers, which maps find fastest. */
export function addToHash(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193)
}

/** What a hash begins with. */
export const emptyHash = 0x811c9dc5 | 0

/** Spreads a hash over 30 bits. */
export function finishHash(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 2
}

/** The hash of a whole text. */
export function hashText(text: string): number {
  let hash = emptyHash
  for (let index = 0; index < text.length; index++) hash = addToHash(hash, text.charCodeAt(index))
  return finishHash(hash)
}
