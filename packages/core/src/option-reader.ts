import { ConfigurationError } from '@duo-models/adapters'

/** What a number given as an option must be. */
export interface NumberRule {
  /** In words, for the error: "must be …". */
  readonly expected: string
  accepts(value: number): boolean
}

export const positive: NumberRule = { expected: 'a number above 0, or Infinity', accepts: (value) => value > 0 }
export const positiveFinite: NumberRule = {
  expected: 'a number above 0',
  accepts: (value) => value > 0 && Number.isFinite(value),
}
export const nonNegative: NumberRule = { expected: 'a number of at least 0', accepts: (value) => value >= 0 }
export const countFromOne: NumberRule = {
  expected: 'a whole number of at least 1',
  accepts: (value) => Number.isSafeInteger(value) && value >= 1,
}
export const countOrInfinity: NumberRule = {
  expected: 'a whole number of at least 1, or Infinity',
  accepts: (value) => countFromOne.accepts(value) || value === Number.POSITIVE_INFINITY,
}

/** Reads the options of one thing; whatever it throws is a `ConfigurationError` that names the option. */
export class OptionReader {
  readonly #owner: string

  /** @param owner whose options they are, as errors say it: `client`, `batch`, … */
  constructor(owner: string) {
    this.#owner = owner
  }

  /** Refuses members nobody knows: a misspelled option would be ignored otherwise. */
  refuseUnknownKeys(group: string, given: object, known: readonly string[]): void {
    if (typeof given !== 'object' || given === null) throw this.invalid(group, 'an object', given)
    for (const key of Object.keys(given))
      if (!known.includes(key))
        throw new ConfigurationError({
          message: `The ${this.#owner} has no option '${group === 'options' ? key : `${group}.${key}`}'. Known are: ${known.join(', ')}.`,
        })
  }

  /** A group of numbers that share a rule. */
  numbers<Names extends string>(
    group: string,
    given: { readonly [Key in Names]?: number | undefined } | undefined,
    defaults: Readonly<Record<Names, number>>,
    rule: NumberRule,
  ): Record<Names, number> {
    const names = Object.keys(defaults) as Names[]
    this.refuseUnknownKeys(group, given ?? {}, names)
    const values: Record<Names, number> = { ...defaults }
    for (const name of names) values[name] = this.number(`${group}.${name}`, given?.[name], defaults[name], rule)
    return values
  }

  number(name: string, given: unknown, fallback: number, rule: NumberRule): number {
    if (given === undefined) return fallback
    if (typeof given !== 'number' || !rule.accepts(given)) throw this.invalid(name, rule.expected, given)
    return given
  }

  boolean(name: string, given: unknown, fallback: boolean): boolean {
    if (given === undefined) return fallback
    if (typeof given !== 'boolean') throw this.invalid(name, 'true or false', given)
    return given
  }

  /** Checks a value whose type says the rest. */
  optional<Value>(name: string, given: Value | undefined, expected: string, accepts: (given: Value) => boolean): void {
    if (given !== undefined && !accepts(given)) throw this.invalid(name, expected, given)
  }

  /** The error for a value that is not what it must be. */
  invalid(name: string, expected: string, given: unknown): ConfigurationError {
    return new ConfigurationError({
      message: `The ${this.#owner} option '${name}' must be ${expected}; it is ${describeValue(given)}.`,
    })
  }
}

function describeValue(given: unknown): string {
  if (typeof given === 'string') return `'${given}'`
  if (typeof given === 'function') return 'a function'
  if (Array.isArray(given)) return 'a list'
  return typeof given === 'object' && given !== null ? 'an object' : String(given)
}
