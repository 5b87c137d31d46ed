import { OptionReader, positive } from '../option-reader.js'
import type { ProbeOptions } from './probe-options.js'

/** The options of a probe with every default filled in. */
export interface ProbeSettings {
  readonly signal: AbortSignal | undefined
  readonly deployments: readonly string[] | undefined
  readonly request: boolean
  readonly timeoutMs: number
}

const reader = new OptionReader('probe')

/** @throws ConfigurationError naming the option, what it must be and what it was. */
export function readProbeOptions(options: ProbeOptions): ProbeSettings {
  reader.refuseUnknownKeys('options', options, ['signal', 'deployments', 'request', 'timeoutMs'])
  const { signal, deployments } = options
  reader.optional('signal', signal, 'an AbortSignal', (given) => given instanceof AbortSignal)
  reader.optional('deployments', deployments, 'a list of names', Array.isArray)
  return {
    signal,
    deployments,
    request: reader.boolean('request', options.request, true),
    timeoutMs: reader.number('timeoutMs', options.timeoutMs, 10_000, positive),
  }
}
