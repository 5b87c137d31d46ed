import type { TlsSettings } from '@duo-models/adapters'
import type {
  CircuitOptions,
  ClientOptions,
  HealthCheckOptions,
  RateLimitOptions,
  RetryOptions,
  TimeoutOptions,
} from './client-options.js'
import type { ClientEvents, ClientHooks } from './events/client-events.js'
import type { Logger } from './events/logger.js'
import type { HealthSettings } from './health/health-settings.js'
import type { MicroBatchSettings } from './micro-batching/micro-batch-settings.js'
import { readMicroBatch } from './micro-batching/read-micro-batch.js'
import { countFromOne, countOrInfinity, nonNegative, OptionReader, positive, positiveFinite } from './option-reader.js'
import { type Routing, routings } from './routing/create-routing.js'

/** The options with every default filled in. */
export interface ClientSettings {
  readonly compatibility: 'enforce' | 'warn' | 'off'
  readonly timeouts: Required<{ readonly [Key in keyof TimeoutOptions]: number }>
  readonly retry: Required<{ readonly [Key in keyof RetryOptions]: number }>
  readonly circuit: Required<{ readonly [Key in keyof CircuitOptions]: number }>
  readonly concurrency: 'adaptive' | number
  /** Absent where servers are not asked. */
  readonly healthChecks: HealthSettings | undefined
  readonly routing: Routing
  /** `undefined` where every prompt goes by itself. */
  readonly microBatch: MicroBatchSettings | undefined
  readonly rateLimits: Readonly<Record<string, RateLimitOptions>>
  readonly maxQueued: number
  readonly maxConnections: number
  readonly tls: TlsSettings | undefined
  readonly proxy: string | undefined
  readonly coalesce: boolean
  readonly hooks: ClientHooks | undefined
  readonly logger: Logger | undefined
}

const optionNames = [
  'compatibility',
  'timeouts',
  'retry',
  'circuit',
  'concurrency',
  'healthChecks',
  'routing',
  'microBatch',
  'rateLimits',
  'maxQueued',
  'adapters',
  'maxConnections',
  'tls',
  'proxy',
  'coalesce',
  'hooks',
  'logger',
]
const hookNames = [
  'onRequest',
  'onAttempt',
  'onFirstToken',
  'onRetry',
  'onFallback',
  'onCircuit',
  'onReplica',
  'onLimit',
  'onEnd',
] as const satisfies readonly (keyof ClientEvents)[]
const logLevels = ['debug', 'info', 'warn', 'error'] as const satisfies readonly (keyof Logger)[]
const compatibilityModes = ['enforce', 'warn', 'off'] as const
const timeoutDefaults = { connectMs: 5_000, firstTokenMs: 120_000, interTokenMs: 30_000, totalMs: 600_000 }
const retryDefaults = { maxAttempts: 3, budgetRatio: 0.1, maxRetryAfterMs: 60_000 }
const circuitDefaults = { failureThreshold: 5, ejectionMs: 1_000, maxEjectionMs: 30_000 }
const healthDefaults = { intervalMs: 10_000, timeoutMs: 2_000 }

const reader = new OptionReader('client')

/**
 * Checks the options and fills in the defaults.
 * @throws ConfigurationError naming the option, what it must be and what it was.
 */
export function readClientOptions(options: ClientOptions): ClientSettings {
  reader.refuseUnknownKeys('options', options, optionNames)
  const compatibility = options.compatibility ?? 'enforce'
  if (!compatibilityModes.includes(compatibility))
    throw reader.invalid(
      'compatibility',
      `one of ${compatibilityModes.map((mode) => `'${mode}'`).join(', ')}`,
      compatibility,
    )
  return {
    compatibility,
    timeouts: reader.numbers('timeouts', options.timeouts, timeoutDefaults, positive),
    retry: {
      ...reader.numbers('retry', options.retry, retryDefaults, nonNegative),
      maxAttempts: reader.number(
        'retry.maxAttempts',
        options.retry?.maxAttempts,
        retryDefaults.maxAttempts,
        countFromOne,
      ),
    },
    circuit: {
      ...reader.numbers('circuit', options.circuit, circuitDefaults, positive),
      failureThreshold: reader.number(
        'circuit.failureThreshold',
        options.circuit?.failureThreshold,
        circuitDefaults.failureThreshold,
        countOrInfinity,
      ),
    },
    concurrency: readConcurrency(options.concurrency),
    healthChecks: readHealthChecks(options.healthChecks),
    routing: readRouting(options.routing),
    microBatch: readMicroBatch(options.microBatch, reader),
    rateLimits: readRateLimits(options.rateLimits),
    maxQueued: reader.number('maxQueued', options.maxQueued, 10_000, countOrInfinity),
    maxConnections: reader.number('maxConnections', options.maxConnections, 1_024, countFromOne),
    tls: options.tls,
    proxy: options.proxy,
    coalesce: reader.boolean('coalesce', options.coalesce, false),
    hooks: readHooks(options.hooks),
    logger: readLogger(options.logger),
  }
}

function readHooks(hooks: ClientHooks | undefined): ClientHooks | undefined {
  if (hooks === undefined) return undefined
  reader.refuseUnknownKeys('hooks', hooks, hookNames)
  for (const name of hookNames)
    reader.optional(`hooks.${name}`, hooks[name], 'a function', (given) => typeof given === 'function')
  return hooks
}

function readLogger(logger: Logger | undefined): Logger | undefined {
  if (logger === undefined) return undefined
  const levels = typeof logger === 'object' && logger !== null ? logLevels.map((level) => logger[level]) : []
  const isUsable = levels.every((write) => write === undefined || typeof write === 'function')
  if (!isUsable || levels.every((write) => write === undefined))
    throw reader.invalid(
      'logger',
      `an object with ${logLevels.map((level) => `'${level}'`).join(', ')} functions`,
      logger,
    )
  return logger
}

function readConcurrency(given: unknown): 'adaptive' | number {
  if (given === undefined || given === 'adaptive') return 'adaptive'
  if (typeof given === 'number' && countFromOne.accepts(given)) return given
  throw reader.invalid('concurrency', `'adaptive' or ${countFromOne.expected}`, given)
}

function readHealthChecks(given: HealthCheckOptions | false | undefined): HealthSettings | undefined {
  if (given === false) return undefined
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given)))
    throw reader.invalid('healthChecks', 'an object, or false', given)
  return reader.numbers('healthChecks', given, healthDefaults, positiveFinite)
}

function readRouting(given: unknown): Routing {
  if (given === undefined) return 'prefix-affinity'
  const known = routings.find((routing) => routing === given)
  if (known !== undefined) return known
  throw reader.invalid('routing', `one of ${routings.map((routing) => `'${routing}'`).join(', ')}`, given)
}

function readRateLimits(given: ClientOptions['rateLimits'] = {}): Readonly<Record<string, RateLimitOptions>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw reader.invalid('rateLimits', 'an object with an entry for each limited deployment', given)
  return Object.fromEntries(Object.entries(given).map(([name, limits]) => [name, readRateLimit(name, limits)]))
}

function readRateLimit(name: string, limits: RateLimitOptions): RateLimitOptions {
  const path = `rateLimits.${name}`
  reader.refuseUnknownKeys(path, limits, ['requestsPerMinute', 'tokensPerMinute', 'ignoreReported', 'group'])
  const { requestsPerMinute, tokensPerMinute, group } = limits
  const ignoreReported = reader.boolean(`${path}.ignoreReported`, limits.ignoreReported, false)
  for (const [key, value] of Object.entries({ requestsPerMinute, tokensPerMinute }))
    reader.optional(`${path}.${key}`, value, positiveFinite.expected, (limit) => positiveFinite.accepts(limit))
  reader.optional(`${path}.group`, group, 'a string', (value) => typeof value === 'string')
  return { requestsPerMinute, tokensPerMinute, ignoreReported, group }
}
