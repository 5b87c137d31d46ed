import { ConfigurationError, type TlsSettings } from '@duo-models/adapters'
import type { ClientOptions, RetryOptions, TimeoutOptions } from './client-options.js'

/** The options with every default filled in. */
export interface ClientSettings {
  readonly compatibility: 'enforce' | 'warn' | 'off'
  readonly timeouts: Required<{ readonly [Key in keyof TimeoutOptions]: number }>
  readonly retry: Required<{ readonly [Key in keyof RetryOptions]: number }>
  readonly maxConnections: number
  readonly tls: TlsSettings | undefined
  readonly proxy: string | undefined
}

const optionNames = ['compatibility', 'timeouts', 'retry', 'adapters', 'maxConnections', 'tls', 'proxy']
const compatibilityModes = ['enforce', 'warn', 'off'] as const
const timeoutDefaults = { connectMs: 5_000, firstTokenMs: 120_000, interTokenMs: 30_000, totalMs: 600_000 }
const retryDefaults = { maxAttempts: 3, budgetRatio: 0.1, maxRetryAfterMs: 60_000 }

/**
 * Checks the options and fills in the defaults.
 * @throws ConfigurationError naming the option, what it must be and what it was.
 */
export function readClientOptions(options: ClientOptions): ClientSettings {
  refuseUnknownKeys('options', options, optionNames)
  const compatibility = options.compatibility ?? 'enforce'
  if (!compatibilityModes.includes(compatibility))
    throw invalidOption(
      'compatibility',
      `one of ${compatibilityModes.map((mode) => `'${mode}'`).join(', ')}`,
      compatibility,
    )
  return {
    compatibility,
    timeouts: readNumbers('timeouts', options.timeouts, timeoutDefaults, positive),
    retry: {
      ...readNumbers('retry', options.retry, retryDefaults, nonNegative),
      maxAttempts: readNumber('retry.maxAttempts', options.retry?.maxAttempts, retryDefaults.maxAttempts, countFromOne),
    },
    maxConnections: readNumber('maxConnections', options.maxConnections, 256, countFromOne),
    tls: options.tls,
    proxy: options.proxy,
  }
}

interface NumberRule {
  readonly expected: string
  accepts(value: number): boolean
}

const positive: NumberRule = { expected: 'a number above 0, or Infinity', accepts: (value) => value > 0 }
const nonNegative: NumberRule = { expected: 'a number of at least 0', accepts: (value) => value >= 0 }
const countFromOne: NumberRule = {
  expected: 'a whole number of at least 1',
  accepts: (value) => Number.isInteger(value) && value >= 1,
}

function readNumbers<Names extends string>(
  group: string,
  given: { readonly [Key in Names]?: number | undefined } | undefined,
  defaults: Readonly<Record<Names, number>>,
  rule: NumberRule,
): Record<Names, number> {
  const names = Object.keys(defaults) as Names[]
  refuseUnknownKeys(group, given ?? {}, names)
  const values: Record<Names, number> = { ...defaults }
  for (const name of names) values[name] = readNumber(`${group}.${name}`, given?.[name], defaults[name], rule)
  return values
}

function readNumber(name: string, given: unknown, fallback: number, rule: NumberRule): number {
  if (given === undefined) return fallback
  if (typeof given !== 'number' || !rule.accepts(given)) throw invalidOption(name, rule.expected, given)
  return given
}

function refuseUnknownKeys(group: string, given: object, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null) throw invalidOption(group, 'an object', given)
  for (const key of Object.keys(given))
    if (!known.includes(key))
      throw new ConfigurationError({
        message: `The client has no option '${group === 'options' ? key : `${group}.${key}`}'. Known are: ${known.join(', ')}.`,
      })
}

function invalidOption(name: string, expected: string, given: unknown): ConfigurationError {
  const shown = typeof given === 'string' ? `'${given}'` : String(given)
  return new ConfigurationError({ message: `The client option '${name}' must be ${expected}; it is ${shown}.` })
}
