import { SizingInputError } from './sizing-input-error.js'

/** A number's place in the input and the values it may have. */
export interface NumberField {
  /** The input's field. */
  readonly field: string
  /** Least value. */
  readonly least: number
  /** Largest value: beyond it a question is a slip, and no server is that large. */
  readonly largest: number
}

/** A whole number of the input. Throws a `SizingInputError` that names the field and the nearest valid value. */
export function checkWholeNumber(value: number, { field, least, largest }: NumberField): number {
  if (Number.isInteger(value) && value >= least && value <= largest) return value
  throw new SizingInputError({
    field,
    value,
    expected: `a whole number from ${least} to ${largest}`,
    nearest: nearestNumber(value, least, largest, Math.round),
  })
}

/** A number of the input that may have a fraction and is above `least`. Throws like `checkWholeNumber`. */
export function checkNumber(value: number, { field, least, largest }: NumberField): number {
  if (typeof value === 'number' && value > least && value <= largest) return value
  const nearest = nearestNumber(value, least, largest, (number) => number)
  throw new SizingInputError({
    field,
    value,
    expected: `a number above ${least} and up to ${largest}`,
    nearest: nearest === least ? undefined : nearest,
  })
}

function nearestNumber(value: unknown, least: number, largest: number, round: (number: number) => number) {
  if (typeof value !== 'number' || Number.isNaN(value)) return undefined
  return Math.min(largest, Math.max(least, round(value)))
}
