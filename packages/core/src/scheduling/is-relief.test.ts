import { expect, it } from 'vitest'
import { isRelief, type WaitsUnderLimit } from './is-relief.js'

/** Ten requests too many at a server that begins one every 50 ms, and takes 60 ms to the first token. */
const crowded: WaitsUnderLimit = { limit: 110, meanMs: 60 + 10 * 50, intervalMs: 50 }

it('is where the wait gets shorter by what those who were left out took in line', () => {
  expect(isRelief(crowded, { limit: 109, meanMs: 60 + 9 * 50, intervalMs: 50 })).toBe(false)
  expect(isRelief(crowded, { limit: 107, meanMs: 60 + 7 * 50, intervalMs: 50 })).toBe(true)
  expect(isRelief(crowded, { limit: 100, meanMs: 60, intervalMs: 52 })).toBe(true)
})

it.each<[string, WaitsUnderLimit]>([
  ['waits are as long as before', { limit: 107, meanMs: 555, intervalMs: 50 }],
  ['they are much shorter than fewer requests explain', { limit: 107, meanMs: 60, intervalMs: 50 }],
  ['first tokens come less often: less gets done', { limit: 100, meanMs: 60, intervalMs: 65 }],
  ['nothing is known', { limit: 107, meanMs: Number.NaN, intervalMs: Number.NaN }],
])('is not where %s', (_why, after) => {
  expect(isRelief(crowded, after)).toBe(false)
})
