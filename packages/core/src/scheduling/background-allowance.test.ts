import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BackgroundAllowance } from './background-allowance.js'
import { priorities } from './priority.js'

const limit = 64

/** So many interactive streams, one every 100 ms, that wait so long for their first token. */
function interactive(allowance: BackgroundAllowance, startAt: number, count: number, waitMs: number): number {
  let now = startAt
  for (let index = 0; index < count; index++) {
    allowance.begin('interactive', now)
    allowance.firstToken('interactive', waitMs, now + waitMs)
    allowance.end('interactive', now + waitMs)
    now += 100
    while (allowance.underWay > allowance.allowance(limit, now)) allowance.end('background', now)
    // Somebody always asks whether there is room: the allowance is what holds background work back.
    while (allowance.hasRoom(limit, now)) allowance.begin('background', now)
  }
  return now
}

describe('BackgroundAllowance', () => {
  it('is the whole limit where nobody else asks', () => {
    const allowance = new BackgroundAllowance()
    expect(allowance.allowance(limit, 0)).toBe(limit)
    expect(allowance.allowance(1, 0)).toBe(1)
  })

  it('begins with one request when interactive ones come, and gets more while they wait no longer', () => {
    const allowance = new BackgroundAllowance()
    const now = interactive(allowance, 0, 32, 200)
    expect(allowance.underWay).toBeLessThanOrEqual(2)
    const seen: number[] = []
    for (let chunk = 0, at = now; chunk < 30; chunk++) {
      at = interactive(allowance, at, 64, 205)
      seen.push(allowance.allowance(limit, at))
    }
    expect(Math.max(...seen)).toBeGreaterThan(16)
    expect(Math.max(...seen)).toBeLessThan(limit)
    // In between it rests, because what is usual is only seen without it.
    expect(seen.slice(seen.indexOf(Math.max(...seen)) - 20)).toContain(1)
  })

  it('is cut back while interactive requests wait longer, down to one', () => {
    const allowance = new BackgroundAllowance()
    const now = interactive(allowance, 0, 64 * 3, 200)
    const before = allowance.allowance(limit, now)
    // It takes a few long waits, not a whole window of them.
    const later = interactive(allowance, now, 8, 400)
    expect(allowance.allowance(limit, later)).toBeLessThan(before)
    const last = interactive(allowance, later, 32, 400)
    expect(allowance.allowance(limit, last)).toBe(1)
  })

  it('goes on after a while where background work under way never ends', () => {
    const allowance = new BackgroundAllowance()
    for (let index = 0; index < 8; index++) allowance.begin('background', 0)
    let now = 0
    const seen: number[] = []
    for (let chunk = 0; chunk < 60; chunk++) {
      for (let index = 0; index < 64; index++) {
        allowance.begin('interactive', now)
        allowance.firstToken('interactive', 200, now + 200)
        allowance.end('interactive', now + 200)
        allowance.hasRoom(limit, now)
        now += 100
      }
      seen.push(allowance.allowance(limit, now))
    }
    expect(seen).toContain(1)
    expect(Math.max(...seen.slice(20))).toBeGreaterThan(8)
  })

  it('is the whole limit again ten seconds after the last interactive request, and small when they are back', () => {
    const allowance = new BackgroundAllowance()
    const now = interactive(allowance, 0, 64, 200)
    expect(allowance.allowance(limit, now + 9_000)).toBeLessThan(limit)
    expect(allowance.allowance(limit, now + 11_000)).toBe(limit)
    allowance.begin('interactive', now + 20_000)
    expect(allowance.allowance(limit, now + 20_000)).toBeLessThan(limit)
  })

  it('keeps places free where waits cannot be watched', () => {
    const allowance = new BackgroundAllowance()
    allowance.begin('interactive', 20_000)
    expect(allowance.allowance(limit, 20_000)).toBe(56)
    expect(allowance.allowance(1, 20_000)).toBe(1)
  })

  it('stays between one and the limit and counts what is under way, whatever happens', () => {
    const step = fc.record({
      what: fc.constantFrom('begin', 'token', 'end'),
      priority: fc.constantFrom(...priorities),
      passMs: fc.nat({ max: 3_000 }),
      limit: fc.integer({ min: 1, max: 200 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const allowance = new BackgroundAllowance()
        const underWay = { interactive: 0, background: 0 }
        let now = 0
        for (const { what, priority, passMs, limit: most } of steps) {
          now += passMs
          if (what === 'begin') {
            allowance.begin(priority, now)
            underWay[priority] += 1
          } else if (underWay[priority] > 0 && what === 'token') allowance.firstToken(priority, passMs, now)
          else if (underWay[priority] > 0) {
            allowance.end(priority, now)
            underWay[priority] -= 1
          }
          const allowed = allowance.allowance(most, now)
          expect(allowed).toBeGreaterThanOrEqual(1)
          expect(allowed).toBeLessThanOrEqual(most)
          expect(allowance.underWay).toBe(underWay.background)
          expect(allowance.hasRoom(most, now)).toBe(underWay.background < allowed)
        }
      }),
    )
  })
})
