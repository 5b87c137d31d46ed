import { expect, it } from 'vitest'
import { ReportedQueue } from './reported-queue.js'

it('stands when requests wait in four reports in a row; so many do', () => {
  const reported = new ReportedQueue()
  for (const [index, waiting] of [12, 9, 30].entries()) {
    reported.add(waiting, index * 250)
    expect(reported.standing(100)).toBeUndefined()
  }
  reported.add(14, 750)
  expect(reported.standing(100)).toBe(9)
  reported.add(0, 1_000)
  expect(reported.standing(100)).toBeUndefined()
})

it('is none where hardly any of all wait', () => {
  const reported = new ReportedQueue()
  for (let reports = 0; reports < 4; reports++) reported.add(2, reports)
  expect(reported.standing(100)).toBeUndefined()
  expect(reported.standing(99)).toBe(2)
  expect(reported.isThere(100, 3)).toBe(false)
  expect(reported.isThere(99, 3)).toBe(true)
})

it('is believed for a second and a half, and forgotten with the limit it was about', () => {
  const reported = new ReportedQueue()
  expect(reported.isThere(10, 0)).toBe(false)
  reported.add(5, 100)
  expect([reported.isThere(10, 1_599), reported.isThere(10, 1_600)]).toEqual([true, false])
  reported.clear()
  expect(reported.isThere(10, 200)).toBe(false)
})
