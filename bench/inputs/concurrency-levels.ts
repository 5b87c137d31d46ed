const everyOneTo = 16
const factor = 1.06
const highest = 512
/** vLLM runs 256 requests at once by default: what is just below and above is looked at closely. */
const closeTo = { from: 248, to: 264, step: 4 }
/** What people set, whatever the steps come to. */
export const commonLevels: readonly number[] = [8, 32, 128, 256]

/** Fixed settings for a sweep: each from 1 to 16, then in steps of 6 % up to 512. */
export function concurrencyLevels(): readonly number[] {
  const levels = new Set<number>(commonLevels)
  for (let level = 1; level <= everyOneTo; level += 1) levels.add(level)
  for (let level = everyOneTo; level < highest; level *= factor) levels.add(Math.round(level))
  for (let level = closeTo.from; level <= closeTo.to; level += closeTo.step) levels.add(level)
  levels.add(highest)
  return [...levels].sort((one, other) => one - other)
}
