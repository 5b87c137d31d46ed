import { expect, test } from 'vitest'
import { eventPeriods } from './event-periods.js'

test('a slower server is one until the next event', () => {
  const slower = { kind: 'capacity', atMs: 20, share: 0.25 } as const
  expect(eventPeriods([slower, { kind: 'capacity', atMs: 40, share: 1 }], 100)).toEqual([{ fromMs: 20, toMs: 40 }])
  expect(eventPeriods([slower], 100)).toEqual([{ fromMs: 20, toMs: 100 }])
})

test('a replica is gone until it is back, whatever happens to others', () => {
  const events = [
    { kind: 'replica-down', atMs: 20, replica: 1 },
    { kind: 'replica-up', atMs: 30, replica: 0 },
    { kind: 'replica-up', atMs: 40, replica: 1 },
  ] as const
  expect(eventPeriods(events, 100)).toEqual([{ fromMs: 20, toMs: 40 }])
})

test('a neighbour comes again and again', () => {
  const event = { kind: 'noisy-neighbour', atMs: 0, everyMs: 10, lastsMs: 2, slowdown: 4 } as const
  expect(eventPeriods([event], 21)).toEqual([
    { fromMs: 0, toMs: 2 },
    { fromMs: 10, toMs: 12 },
    { fromMs: 20, toMs: 21 },
  ])
})
