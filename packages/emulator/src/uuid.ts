import type { Random } from './random.js'

/** A version 4 UUID made of the generator's numbers. */
export function uuid(random: Random): string {
  const variant = random.pick(['8', '9', 'a', 'b'])
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-${variant}${random.hex(3)}-${random.hex(12)}`
}
