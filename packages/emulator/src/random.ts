/** A source of repeatable pseudo-random numbers. */
export interface Random {
  /** A number from 0 up to, and without, 1. */
  next(): number
  /** A whole number from 0 up to, and without, `limit`. */
  integer(limit: number): number
  /** One of the values; the array must not be empty. */
  pick<Value>(values: readonly [Value, ...Value[]]): Value
  /** `length` hexadecimal digits. */
  hex(length: number): string
}

/** FNV-1a over UTF-16 code units: spreads any text over 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** A generator (mulberry32) whose numbers depend on the seeds alone. The same seeds give the same numbers, always. */
export function createRandom(...seeds: readonly (string | number)[]): Random {
  let state = hashText(seeds.join('\u0000'))
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const integer = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    integer,
    pick: ([first, ...rest]) => rest[integer(rest.length + 1) - 1] ?? first,
    hex: (length) => Array.from({ length }, () => integer(16).toString(16)).join(''),
  }
}
