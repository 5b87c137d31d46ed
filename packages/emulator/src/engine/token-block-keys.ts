import type { BlockKey } from './block-pool.js'

/**
 * Keys of the full blocks of a text by its tokens. Each hashes the key before it and the block's own tokens, as vLLM's
 * do, so that two blocks have the same key only where everything up to their end is the same.
 */
export function tokenBlockKeys(tokens: readonly number[], blockSize: number): (index: number) => BlockKey | undefined {
  const keys: number[] = []
  return (index) => {
    for (let next = keys.length; next <= index && (next + 1) * blockSize <= tokens.length; next += 1)
      keys.push(blockHash(keys[next - 1] ?? 0, tokens, next * blockSize, blockSize))
    return keys[index]
  }
}

/** 53 bits, from two hashes of 32 bits that mix differently (FNV-1a and the constants of MurmurHash3). */
function blockHash(before: number, tokens: readonly number[], start: number, length: number): number {
  let low = Math.imul((before >>> 0) ^ 0x811c9dc5, 0x01000193)
  let high = Math.imul(Math.floor(before / 0x1_0000_0000) ^ 0x9747b28c, 0xcc9e2d51)
  for (let index = start; index < start + length; index += 1) {
    const token = tokens[index] ?? 0
    low = Math.imul(low ^ token, 0x01000193)
    low ^= low >>> 15
    high = Math.imul(high ^ Math.imul(token, 0x1b873593), 0xe6546b64)
    high ^= high >>> 13
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0)
}
