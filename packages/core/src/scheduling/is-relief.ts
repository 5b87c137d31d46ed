/** Waits have to be shorter by so much of what they were. */
const leastGainShare = 0.1
/** And by so much of what was to be expected, at the least and at the most. */
const leastExpected = 0.25
const mostExpected = 3
/** First tokens may come so much later than before, beside half of what fewer requests would explain. */
const leastIntervalShare = 0.1
const explainedShare = 0.5

/** Requests that were sent under a limit. */
export interface WaitsUnderLimit {
  readonly limit: number
  /** Mean wait for a first token. */
  readonly meanMs: number
  /** Mean time from one first token to the next. */
  readonly intervalMs: number
}

/**
 * Whether requests that a lower limit leaves out did nothing in the server but wait: then all others wait shorter by what
 * these took in line (Little's law), and first tokens come as often as before. What else changes waits, such as prompts
 * that are read together, or another client, seldom looks like that.
 */
export function isRelief(before: WaitsUnderLimit, after: WaitsUnderLimit): boolean {
  const gainMs = before.meanMs - after.meanMs
  const expectedMs = (before.limit - after.limit) * after.intervalMs
  if (gainMs < leastGainShare * before.meanMs) return false
  if (gainMs < leastExpected * expectedMs || gainMs > mostExpected * expectedMs) return false
  const explained = explainedShare * (before.limit / after.limit - 1)
  return after.intervalMs <= before.intervalMs * (1 + leastIntervalShare + explained)
}
