import { expect, test } from 'vitest'
import { concurrencyLevels } from './concurrency-levels.js'

test('settings rise by one or by about 6 %, and are close together around 256', () => {
  const levels = concurrencyLevels()
  expect(levels[0]).toBe(1)
  expect(levels.at(-1)).toBe(512)
  expect(levels).toEqual(expect.arrayContaining([8, 32, 128, 248, 252, 256, 260, 264]))
  for (const [index, level] of levels.entries()) {
    const next = levels[index + 1] ?? level + 1
    expect(next).toBeGreaterThan(level)
    expect(next - level).toBeLessThanOrEqual(Math.max(1, Math.ceil(level * 0.07)))
  }
})
