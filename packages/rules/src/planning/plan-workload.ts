import type { Finding } from '../finding.js'
import { checkNumber, checkWholeNumber } from '../sizing/check-number.js'
import { SizingInputError } from '../sizing/sizing-input-error.js'
import type { PlannedWorkload } from './plan-input.js'

/** A workload with its defaults filled in. */
export interface Workload {
  /** Requests per second; absent for a burst. */
  readonly requestsPerSecond?: number
  /** Requests at once; absent for a rate. */
  readonly concurrency?: number
  readonly promptTokens: number
  readonly outputTokens: number
  readonly timeToFirstTokenMs?: number
  readonly interTokenLatencyMs?: number
  /** What was assumed because it was not stated. */
  readonly assumptions: readonly Finding[]
}

const usualRequestsPerUserPerHour = 60
const usualPromptTokens = 1_000
const usualOutputTokens = 300
const secondsPerHour = 3_600

/** Reads the workload of a question. Throws a `SizingInputError` for a number out of range, and where none is given. */
export function readWorkload(input: PlannedWorkload): Workload {
  const assumptions: Finding[] = []
  const demand = readDemand(input, assumptions)
  const { timeToFirstTokenMs, interTokenLatencyMs } = input
  return {
    ...demand,
    promptTokens: lengthOf('promptTokens', input.promptTokens, usualPromptTokens, assumptions),
    outputTokens: lengthOf('outputTokens', input.outputTokens, usualOutputTokens, assumptions),
    ...(timeToFirstTokenMs === undefined
      ? {}
      : { timeToFirstTokenMs: target('timeToFirstTokenMs', timeToFirstTokenMs) }),
    ...(interTokenLatencyMs === undefined
      ? {}
      : { interTokenLatencyMs: target('interTokenLatencyMs', interTokenLatencyMs) }),
    assumptions,
  }
}

function readDemand(
  input: PlannedWorkload,
  assumptions: Finding[],
): { requestsPerSecond: number } | { concurrency: number } {
  const { users, requestsPerSecond, concurrency, requestsPerUserPerHour } = input
  if (concurrency !== undefined) {
    if (users !== undefined || requestsPerSecond !== undefined) throw severalDemands(concurrency)
    return { concurrency: checkWholeNumber(concurrency, { field: 'concurrency', least: 1, largest: 1_000_000 }) }
  }
  if (users !== undefined) checkWholeNumber(users, { field: 'users', least: 1, largest: 100_000_000 })
  if (requestsPerSecond !== undefined)
    return { requestsPerSecond: checkNumber(requestsPerSecond, rateField('requestsPerSecond')) }
  if (users === undefined) throw noDemand()
  const perHour = checkNumber(
    requestsPerUserPerHour ?? usualRequestsPerUserPerHour,
    rateField('requestsPerUserPerHour'),
  )
  if (requestsPerUserPerHour === undefined)
    assumptions.push(
      assumed(`${usualRequestsPerUserPerHour} requests per user and busy hour`, 'requestsPerUserPerHour'),
    )
  return { requestsPerSecond: (users * perHour) / secondsPerHour }
}

function lengthOf(
  field: 'promptTokens' | 'outputTokens',
  value: number | undefined,
  usual: number,
  to: Finding[],
): number {
  if (value !== undefined) return checkWholeNumber(Math.round(value), { field, least: 1, largest: 10_000_000 })
  to.push(assumed(`${usual} ${field === 'promptTokens' ? 'tokens of a prompt' : 'tokens of a response'}`, field))
  return usual
}

function target(field: string, value: number): number {
  return checkNumber(value, { field, least: 0, largest: 86_400_000 })
}

function rateField(field: string) {
  return { field, least: 0, largest: 1_000_000 }
}

function assumed(what: string, field: string): Finding {
  return {
    rule: 'workload-assumed',
    severity: 'info',
    path: `/${field}`,
    message: `Assumed, since it was not stated: ${what} (${field}).`,
    sources: [],
  }
}

function noDemand(): SizingInputError {
  return new SizingInputError({
    field: 'users',
    value: undefined,
    expected: 'the workload, as users, requestsPerSecond or concurrency,',
  })
}

function severalDemands(concurrency: number): SizingInputError {
  return new SizingInputError({
    field: 'concurrency',
    value: concurrency,
    expected: 'either concurrency, or users and requestsPerSecond',
  })
}
