import { countFromOne, type NumberRule, nonNegative, OptionReader } from '../option-reader.js'
import { type Priority, priorities } from '../scheduling/priority.js'
import type { BatchOptions } from './batch-options.js'
import type { BatchProgress } from './batch-progress.js'

/** The options of one batch with every default filled in. */
export interface BatchSettings {
  /** `undefined` for as many as the servers can use. */
  readonly concurrency: number | undefined
  readonly priority: Priority
  readonly ordered: boolean
  readonly stream: boolean
  readonly total: number | undefined
  readonly onProgress: ((progress: BatchProgress) => void) | undefined
  readonly progressIntervalMs: number
  readonly signal: AbortSignal | undefined
}

const optionNames = [
  'concurrency',
  'ordered',
  'stream',
  'total',
  'onProgress',
  'progressIntervalMs',
  'signal',
  'priority',
]
const count: NumberRule = {
  expected: 'a whole number of at least 0',
  accepts: (value) => Number.isSafeInteger(value) && value >= 0,
}
const reader = new OptionReader('batch')

/**
 * Checks the options and fills in the defaults.
 * @param knownTotal how many requests there are, where the source tells
 * @throws ConfigurationError naming the option, what it must be and what it was.
 */
export function readBatchOptions(options: BatchOptions, knownTotal: number | undefined): BatchSettings {
  reader.refuseUnknownKeys('options', options, optionNames)
  const { onProgress, signal } = options
  reader.optional('onProgress', onProgress, 'a function', (given) => typeof given === 'function')
  reader.optional('signal', signal, 'an AbortSignal', (given) => given instanceof AbortSignal)
  return {
    concurrency:
      options.concurrency === undefined
        ? undefined
        : reader.number('concurrency', options.concurrency, 1, countFromOne),
    priority: readPriority(options.priority),
    ordered: reader.boolean('ordered', options.ordered, true),
    stream: reader.boolean('stream', options.stream, false),
    total: options.total === undefined ? knownTotal : reader.number('total', options.total, 0, count),
    onProgress,
    progressIntervalMs: reader.number('progressIntervalMs', options.progressIntervalMs, 1_000, nonNegative),
    signal,
  }
}

function readPriority(given: Priority = 'background'): Priority {
  if (priorities.includes(given)) return given
  throw reader.invalid('priority', `one of ${priorities.map((known) => `'${known}'`).join(', ')}`, given)
}
