import { expect, test } from 'vitest'
import { nelderMead } from './nelder-mead.js'

test('finds the bottom of a bowl from any corner', () => {
  const bowl = ([x = 0, y = 0, z = 0]: readonly number[]) => (x - 1) ** 2 + 4 * (y + 2) ** 2 + (z - 3) ** 2
  for (const start of [
    [0, 0, 0],
    [5, -9, 4],
    [-3, 8, 0.5],
  ]) {
    const { at, value } = nelderMead(bowl, start)
    expect(value).toBeLessThan(1e-9)
    expect(at.map((x) => Math.round(x * 1000) / 1000)).toEqual([1, -2, 3])
  }
})

test('follows a curved valley (Rosenbrock)', () => {
  const valley = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2
  const { at } = nelderMead(valley, [-1.2, 1])
  expect(at[0]).toBeCloseTo(1, 4)
  expect(at[1]).toBeCloseTo(1, 4)
})

test('is not drawn away by a kink, which least absolute errors have', () => {
  const { at } = nelderMead(([x = 0]) => Math.abs(x - 2) + Math.abs(x - 3) + 3 * Math.abs(x - 2.5), [0])
  expect(at[0]).toBeCloseTo(2.5, 4)
})
