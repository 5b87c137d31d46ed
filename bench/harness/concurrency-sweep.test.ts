import { expect, test } from 'vitest'
import { bestSetting, type SweepQuestion, sweepConcurrency, throughputOf } from './concurrency-sweep.js'

/** A server that has 64 places: more only wait. */
function run({ level, seed }: SweepQuestion) {
  return { tokensPerSecond: Math.min(level, 64) * 10 + seed, p95FirstTokenMs: level <= 64 ? 50 : 50 * (level - 63) }
}

const levels = [16, 60, 64, 70, 128]

test('every setting is run once, and those that may be the best with every seed', async () => {
  const asked: SweepQuestion[] = []
  const swept = await sweepConcurrency({
    profiles: ['one', 'two'],
    levels,
    seeds: [0, 1, 2],
    alwaysWithAllSeeds: [16],
    run: async (questions) => {
      asked.push(...questions)
      return questions.map(run)
    },
  })
  const counts = (swept.get('two') ?? []).map(({ level, runs }) => [level, runs.length])
  expect(counts).toEqual([
    [16, 3],
    [60, 1],
    [64, 3],
    [70, 1],
    [128, 1],
  ])
  expect(asked).toHaveLength(2 * 9)
  expect(throughputOf(bestSetting(swept.get('one') ?? []))).toBe(641)
})

test('of settings that are equally fast the one with the shortest waits is the best', () => {
  const settings = levels.map((level) => ({ level, runs: [run({ profile: '', level, seed: 0 })] }))
  const luckier = { level: 90, runs: [{ tokensPerSecond: 642, p95FirstTokenMs: 900 }] }
  expect(bestSetting([...settings, luckier]).level).toBe(64)
  expect(() => bestSetting([])).toThrow(RangeError)
})
