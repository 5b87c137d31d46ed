import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LimitedSignal } from './limited-signal.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('LimitedSignal', () => {
  it('fires when the time is up, and not before', () => {
    const limit = new LimitedSignal(100)
    vi.advanceTimersByTime(99)
    expect(limit.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect([limit.signal.aborted, limit.isTimeUp]).toEqual([true, true])
  })

  it('fires with the other signal, for its reason, also where that has fired already', () => {
    for (const first of [true, false]) {
      const other = new AbortController()
      if (first) other.abort('enough')
      const limit = new LimitedSignal(100, other.signal)
      other.abort('enough')
      vi.advanceTimersByTime(200)
      expect(limit.signal.reason).toBe('enough')
      expect(limit.isTimeUp).toBe(false)
      limit.dispose()
    }
  })

  it('leaves no timer and no listener', () => {
    const other = new AbortController()
    const limit = new LimitedSignal(100, other.signal)
    expect(getEventListeners(other.signal, 'abort')).toHaveLength(1)
    limit.dispose()
    expect(getEventListeners(other.signal, 'abort')).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('takes a limit that no timer could hold', () => {
    const limit = new LimitedSignal(Number.POSITIVE_INFINITY)
    vi.advanceTimersByTime(1_000_000)
    expect(limit.signal.aborted).toBe(false)
    limit.dispose()
  })
})
