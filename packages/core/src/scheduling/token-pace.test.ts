import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenPace } from './token-pace.js'

describe('TokenPace', () => {
  it('knows nothing before so much has come that it means something', () => {
    const pace = new TokenPace()
    pace.begin(0)
    pace.count(19)
    pace.measure(1_000)
    expect(pace.interTokenMs).toBeUndefined()
    pace.count(1)
    pace.measure(1_000)
    expect(pace.interTokenMs).toBe(50)
  })

  it.each([1, 7, 300])('finds the pace of a server that gives %i streams a token every 25 ms', (streams) => {
    const pace = new TokenPace()
    for (let count = 0; count < streams; count++) pace.begin(0)
    for (let now = 25; now <= 5_000; now += 25) {
      pace.count(streams)
      pace.measure(now)
    }
    expect(pace.interTokenMs).toBeCloseTo(25, 6)
    expect(pace.streams).toBe(streams)
  })

  it('follows a server that becomes slower', () => {
    const pace = new TokenPace()
    for (let count = 0; count < 10; count++) pace.begin(0)
    let now = 0
    for (const stepMs of [20, 80]) {
      for (let step = 0; step < 100; step++) {
        now += stepMs
        pace.count(10)
        pace.measure(now)
      }
    }
    expect(pace.interTokenMs).toBeGreaterThan(75)
    expect(pace.interTokenMs).toBeLessThanOrEqual(80)
  })

  it('does not count the time in which nothing was under way', () => {
    const pace = new TokenPace()
    let now = 0
    for (let answer = 0; answer < 20; answer++) {
      pace.begin(now)
      for (let token = 0; token < 30; token++) {
        now += 10
        pace.count(1)
        pace.measure(now)
      }
      pace.end(now)
      now += 60_000
    }
    expect(pace.interTokenMs).toBeCloseTo(10, 6)
  })

  it('gives a number of milliseconds or nothing, whatever comes', () => {
    const step = fc.record({ passMs: fc.nat({ max: 1_000 }), pieces: fc.nat({ max: 50 }), begins: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const pace = new TokenPace()
        let now = 0
        for (const { passMs, pieces, begins } of steps) {
          now += passMs
          if (begins) pace.begin(now)
          else if (pace.streams > 0) pace.end(now)
          if (pace.streams > 0) pace.count(pieces)
          pace.measure(now)
          const { interTokenMs = 0 } = pace
          expect(interTokenMs).toBeGreaterThanOrEqual(0)
          expect(interTokenMs).toBeLessThan(Number.POSITIVE_INFINITY)
        }
      }),
    )
  })
})
