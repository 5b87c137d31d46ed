import { describe, expect, it } from 'vitest'
import { isContent, StreamTiming } from './stream-timing.js'

describe('StreamTiming', () => {
  it('tells the first token, the mean time between deltas and the whole', () => {
    const timing = new StreamTiming()
    timing.record(0, 10)
    timing.record(1, 50)
    timing.record(3, 110)
    expect(timing.finish(120)).toEqual({
      timeToFirstTokenMs: 50,
      interTokenLatencyMs: 20,
      endToEndLatencyMs: 120,
      schedulerQueueTimeMs: 0,
    })
  })

  it('leaves out what it cannot know', () => {
    expect(new StreamTiming().finish(5)).toEqual({ endToEndLatencyMs: 5, schedulerQueueTimeMs: 0 })
    const one = new StreamTiming()
    one.record(1, 3)
    expect(one.finish(5)).not.toHaveProperty('interTokenLatencyMs')
  })
})

describe('isContent', () => {
  it('counts what belongs to the answer, and nothing that reports about it', () => {
    const types = ['text-delta', 'reasoning-delta', 'tool-call-start', 'tool-call-delta'] as const
    expect(types.every((type) => isContent({ type }))).toBe(true)
    const reports = ['response-start', 'usage', 'content-filter', 'tool-call-end', 'response-end'] as const
    expect(reports.some((type) => isContent({ type }))).toBe(false)
  })
})
