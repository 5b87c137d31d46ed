import type { CommonEmulatorOptions } from './common-emulator-options.js'
import { invalidOption } from './invalid-option.js'

/** The common options that dialects use, after defaults. */
export interface CommonSettings {
  readonly apiKeys: readonly string[]
  readonly seed: number
  readonly speed: number
}

/** Reads what every dialect needs. Throws `EmulatorError` (`invalid-option`) for values that cannot be used. */
export function readCommonOptions({ apiKey = [], seed = 0, speed = 1 }: CommonEmulatorOptions): CommonSettings {
  if (typeof speed !== 'number' || !(speed >= 0)) throw invalidOption('speed', speed, 'a number, 0 or more')
  const apiKeys = listOf(apiKey)
  // The value may be a key in the wrong type; it is not repeated.
  if (!apiKeys.every((key) => typeof key === 'string' && key !== ''))
    throw invalidOption('apiKey', '', 'a key, or keys, of at least one character')
  return { apiKeys, seed, speed }
}

/** One value, or several. */
export function listOf<Value extends string | object>(value: Value | readonly Value[]): readonly Value[] {
  return isList(value) ? value : [value]
}

function isList<Value>(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value)
}
