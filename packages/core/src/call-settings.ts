import type { CallOptions } from './duo-model-client.js'
import { OptionReader, positive } from './option-reader.js'
import { type Priority, priorities } from './scheduling/priority.js'

/** What a call's own options say about how it runs. */
export interface CallSettings {
  readonly signal: AbortSignal | undefined
  readonly priority?: Priority | undefined
  readonly deadlineMs?: number | undefined
}

const reader = new OptionReader('call')

/**
 * Checks the options of a call.
 * @throws ConfigurationError naming the option, what it must be and what it was.
 */
export function readCallOptions({ signal, priority, deadlineMs }: CallOptions): CallSettings {
  if (priority !== undefined && !priorities.includes(priority))
    throw reader.invalid('priority', `one of ${priorities.map((known) => `'${known}'`).join(', ')}`, priority)
  if (deadlineMs !== undefined && !(typeof deadlineMs === 'number' && positive.accepts(deadlineMs)))
    throw reader.invalid('deadlineMs', positive.expected, deadlineMs)
  return { signal, priority, deadlineMs }
}
