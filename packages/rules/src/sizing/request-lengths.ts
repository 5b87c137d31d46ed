import { checkNumber, checkWholeNumber } from './check-number.js'
import type { PerformanceCase } from './performance-case.js'
import type { PerformanceInput } from './performance-input.js'
import { SizingInputError } from './sizing-input-error.js'

/** Mean lengths of the requests, in tokens. */
export interface RequestLengths {
  readonly promptTokens: number
  readonly outputTokens: number
}

const defaultPromptTokens = 100
const defaultOutputTokens = 650
const mostAtOnce = 1_000_000

/**
 * The lengths asked for, with defaults. Throws a `SizingInputError` for lengths and numbers of requests that make no
 * sense, and for requests that are longer than the server's context.
 */
export function resolveLengths(
  input: PerformanceInput,
  question: PerformanceCase,
  documentedOutputTokens: number | undefined,
): RequestLengths {
  checkAmount(input)
  const context = longestContext(question)
  const promptTokens = checkLength('promptTokens', input.promptTokens ?? defaultPromptTokens, context - 1)
  const left = context - promptTokens
  const usual = documentedOutputTokens ?? Math.min(defaultOutputTokens, left)
  return { promptTokens, outputTokens: checkLength('outputTokens', input.outputTokens ?? usual, left) }
}

function checkAmount({ concurrency, requestsPerSecond }: PerformanceInput): void {
  if (concurrency !== undefined && requestsPerSecond !== undefined)
    throw new SizingInputError({
      field: 'requestsPerSecond',
      value: requestsPerSecond,
      expected: 'either requestsPerSecond or concurrency, not both,',
    })
  if (concurrency !== undefined) checkWholeNumber(concurrency, { field: 'concurrency', least: 1, largest: mostAtOnce })
  if (requestsPerSecond !== undefined)
    checkNumber(requestsPerSecond, { field: 'requestsPerSecond', least: 0, largest: mostAtOnce })
}

function longestContext({ settings }: PerformanceCase): number {
  return Math.min(settings.maxModelLength, settings.architecture.maxPositions)
}

// Means need not be whole.
function checkLength(field: keyof RequestLengths, value: number, largest: number): number {
  if (typeof value === 'number' && value >= 1 && value <= largest) return value
  throw new SizingInputError({
    field,
    value,
    expected: `a number from 1 to ${largest}, so that prompt and response fit the context,`,
    nearest: typeof value !== 'number' || Number.isNaN(value) ? undefined : Math.max(1, Math.min(largest, value)),
  })
}
