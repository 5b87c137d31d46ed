import { simulationProfiles } from '@duo-models/emulator/simulation'
import { expect, test } from 'vitest'
import { throughputCase } from './throughput-case.js'

test('a profile becomes a backlog, the same for the same seed', () => {
  const name = simulationProfiles[0]?.name ?? ''
  const { requests, warmUpAnswers, answers, measuredFromMs } = throughputCase(name, 0)
  expect(requests.length).toBeGreaterThanOrEqual(10_000)
  expect(throughputCase(name, 0).requests).toEqual(requests)
  expect(throughputCase(name, 100).requests).not.toEqual(requests)
  expect([warmUpAnswers, answers, measuredFromMs]).toEqual([200, 800, undefined])
})

test('what happens once happens after the warm-up, and is measured by time', () => {
  const { options, measuredFromMs, maxMs, warmUpAnswers } = throughputCase('replica-loss', 0)
  expect(options.events?.map(({ atMs }) => atMs)).toEqual([80_000, 100_000])
  expect([measuredFromMs, maxMs, warmUpAnswers]).toEqual([60_000, 180_000, 600])
})

test('what happens again and again does so from the beginning', () => {
  expect(throughputCase('noisy-neighbour', 0).options.events?.[0]?.atMs).toBe(0)
})
