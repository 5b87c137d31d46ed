/** Several pieces of code that do the same work. */
export type Contenders = Readonly<Record<string, () => unknown>>

/**
 * Times pieces of code in turn, again and again.
 * @returns the time of one call in nanoseconds, for every repetition
 */
export function timePerCall(
  contenders: Contenders,
  { repetitions, repetitionMs }: { readonly repetitions: number; readonly repetitionMs: number },
): ReadonlyMap<string, readonly number[]> {
  const entries = Object.entries(contenders)
  const calls = new Map(entries.map(([name, run]) => [name, calibrate(run, repetitionMs)]))
  const times = new Map<string, number[]>(entries.map(([name]) => [name, []]))
  for (let repetition = 0; repetition < repetitions; repetition++)
    for (const [name, run] of entries) {
      const count = calls.get(name) ?? 1
      times.get(name)?.push((time(run, count) * 1e6) / count)
    }
  return times
}

/** How many calls fill a repetition; warms the code up on the way. */
function calibrate(run: () => unknown, repetitionMs: number): number {
  for (let count = 1; ; count *= 2) {
    const tookMs = time(run, count)
    if (tookMs >= repetitionMs) return Math.max(1, Math.round((count * repetitionMs) / tookMs))
  }
}

/** Keeps results alive, so that no call can be left out as useless. */
let sink: unknown

function time(run: () => unknown, count: number): number {
  const startedAt = performance.now()
  for (let call = 0; call < count; call++) sink = run()
  const tookMs = performance.now() - startedAt
  return sink === time ? Number.NaN : tookMs
}
