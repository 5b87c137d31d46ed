import type { MicroBatchOptions } from '../client-options.js'
import { countFromOne, type NumberRule, type OptionReader } from '../option-reader.js'
import type { MicroBatchSettings } from './micro-batch-settings.js'

/** Waits of 1 to 5 ms gather as much (`npm run bench -- micro-batch`), so the shortest a timer can make is enough. */
const defaults: MicroBatchSettings = { maxSize: 16, maxWaitMs: 1 }
const upToOneSecond: NumberRule = {
  expected: 'a number from 0 to 1000',
  accepts: (value) => value >= 0 && value <= 1_000,
}

/**
 * Reads the client option; `undefined` where prompts do not share requests.
 * @throws ConfigurationError naming the option, what it must be and what it was.
 */
export function readMicroBatch(
  given: MicroBatchOptions | false | undefined,
  reader: OptionReader,
): MicroBatchSettings | undefined {
  if (given === undefined || given === false) return undefined
  reader.refuseUnknownKeys('microBatch', given, Object.keys(defaults))
  return {
    maxSize: reader.number('microBatch.maxSize', given.maxSize, defaults.maxSize, countFromOne),
    maxWaitMs: reader.number('microBatch.maxWaitMs', given.maxWaitMs, defaults.maxWaitMs, upToOneSecond),
  }
}
