import { InvalidArgumentError } from 'commander'

/** Reads an option that is a number. Whether it is a sensible one is for the rules to say. */
export function parseNumber(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text.replaceAll('_', ''))
  if (Number.isFinite(number)) return number
  throw new InvalidArgumentError('It is no number.')
}
