import { nearest } from '../nearest.js'
import { SizingInputError } from './sizing-input-error.js'

/** Refuses a field that the question does not have: a misspelled one would otherwise silently take its default. */
export function checkKnownKeys(input: object, known: Readonly<Record<string, unknown>>): void {
  for (const key in input) {
    if (Object.hasOwn(known, key)) continue
    const [closest] = nearest(key, Object.keys(known), 1)
    throw new SizingInputError({ field: 'input', value: key, expected: 'a known field', nearest: closest })
  }
}
