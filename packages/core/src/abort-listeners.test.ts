import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { addAbortListener, removeAbortListener } from './abort-listeners.js'

describe('abort listeners', () => {
  it('share one listener of the signal, and leave none behind', () => {
    const { signal } = new AbortController()
    const listeners = Array.from({ length: 100 }, () => () => undefined)
    for (const listener of listeners) addAbortListener(signal, listener)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    for (const listener of listeners) removeAbortListener(signal, listener)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('are each told once, those that were taken back not at all, and those added by another one not either', () => {
    const controller = new AbortController()
    const told: string[] = []
    const gone = () => told.push('gone')
    addAbortListener(controller.signal, () => {
      told.push('first')
      addAbortListener(controller.signal, () => told.push('late'))
    })
    addAbortListener(controller.signal, gone)
    addAbortListener(controller.signal, () => told.push('last'))
    removeAbortListener(controller.signal, gone)
    controller.abort()
    expect(told).toEqual(['first', 'last'])
  })
})
