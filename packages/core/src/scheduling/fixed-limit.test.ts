import { describe, expect, it } from 'vitest'
import { FixedLimit } from './fixed-limit.js'

describe('FixedLimit', () => {
  it('has room up to its number, and counts what is under way', () => {
    const limit = new FixedLimit(2)
    expect([limit.hasRoom, limit.inFlight]).toEqual([true, 0])
    expect(limit.begin('stream', 5)).toEqual({ kind: 'stream', startedAt: 5 })
    expect([limit.hasRoom, limit.inFlight]).toEqual([true, 1])
    limit.begin('whole', 6)
    expect([limit.hasRoom, limit.inFlight]).toEqual([false, 2])
    limit.end()
    expect([limit.hasRoom, limit.inFlight]).toEqual([true, 1])
  })

  it('stays where it is, whatever the server says', () => {
    const limit = new FixedLimit(2)
    limit.begin('stream', 0)
    limit.firstToken()
    limit.countContent()
    limit.reportWaiting()
    limit.reportStall()
    limit.end()
    expect(limit.value).toBe(2)
    expect(limit.stallMs).toBe(Number.POSITIVE_INFINITY)
  })
})
