import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { AttemptCall } from './attempt-call.js'

describe('AttemptCall', () => {
  it('passes on what the server says about itself, where somebody listens', () => {
    const heard: unknown[] = []
    const report = { load: { waitingRequests: 2 } }
    new AttemptCall('r-1', 'interactive', { report: (each) => heard.push(each) }).onServerReport(report)
    new AttemptCall('r-1').onServerReport(report)
    expect(heard).toEqual([report])
  })

  it('tells listeners once, in order, and not those that were taken back', () => {
    const call = new AttemptCall('r-1')
    const told: string[] = []
    const gone = () => told.push('gone')
    call.addEventListener('abort', () => told.push('first'))
    call.addEventListener('abort', gone)
    call.addEventListener('abort', () => {
      told.push('second')
      call.addEventListener('abort', () => told.push('too late'))
    })
    call.removeEventListener('abort', gone)
    expect([call.aborted, call.reason]).toEqual([false, undefined])
    call.abort()
    call.abort()
    expect(told).toEqual(['first', 'second'])
    expect(call.aborted).toBe(true)
    expect(call.reason).toMatchObject({ name: 'AbortError' })
  })

  it('has a signal for who wants one, made before or after the abort', () => {
    const before = new AttemptCall('r-1')
    const { signal } = before
    expect(signal.aborted).toBe(false)
    expect(before.signal).toBe(signal)
    before.abort()
    expect(signal.aborted).toBe(true)
    expect(signal.reason).toBe(before.reason)

    const after = new AttemptCall('r-2')
    after.abort()
    expect(after.signal.aborted).toBe(true)
  })

  it('is what an adapter gets: the id, the source of aborts, and a signal nobody else listens to', () => {
    const call = new AttemptCall('r-1')
    expect(call.requestId).toBe('r-1')
    expect(call.abortSource).toBe(call)
    expect(getEventListeners(call.signal, 'abort')).toEqual([])
  })
})
