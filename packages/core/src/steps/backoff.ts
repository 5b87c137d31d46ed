const baseMs = 250
const throttledBaseMs = 1_000
const capMs = 20_000

/**
 * How long to wait before a retry: full jitter over a range that doubles with every attempt, up to 20 s, and never
 * less than the server asked for.
 * @param attempt the attempt that failed, from 1
 * @param hint what the error says: a refusal for load begins at a longer pause
 * @param random a number from 0 up to 1
 */
export function backoffMs(
  attempt: number,
  hint: { readonly throttled: boolean; readonly retryAfterMs?: number | undefined },
  random: () => number,
): number {
  const rangeMs = Math.min(capMs, (hint.throttled ? throttledBaseMs : baseMs) * 2 ** (attempt - 1))
  const jitterMs = random() * rangeMs
  return hint.retryAfterMs === undefined ? jitterMs : hint.retryAfterMs + Math.min(jitterMs, baseMs)
}
