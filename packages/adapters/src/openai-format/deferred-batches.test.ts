import { describe, expect, it } from 'vitest'
import type { AdapterEvent } from '../stream-event.js'
import { DeferredBatches } from './deferred-batches.js'

const batch: readonly AdapterEvent[] = [{ type: 'text-delta', text: 'a' }]

async function* source() {
  yield batch
}

async function collect(batches: AsyncIterable<readonly AdapterEvent[]>) {
  const all = []
  for await (const each of batches) all.push(each)
  return all
}

describe('DeferredBatches', () => {
  it('prepares once, when the first batch is asked for', async () => {
    let prepared = 0
    const batches = new DeferredBatches(async () => {
      prepared++
      return source()
    })
    expect(prepared).toBe(0)
    expect(await collect(batches)).toEqual([batch])
    expect(prepared).toBe(1)
  })

  it('never begins a stream that was given up while it was prepared', async () => {
    let isBegun = false
    let finish: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      finish = resolve
    })
    const batches = new DeferredBatches(async () => {
      await gate
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            isBegun = true
            return Promise.resolve({ done: false, value: batch })
          },
        }),
      }
    })
    const first = batches.next()
    expect(await batches.return()).toEqual({ done: true, value: undefined })
    finish()
    expect(await first).toEqual({ done: true, value: undefined })
    expect(await batches.next()).toEqual({ done: true, value: undefined })
    expect(isBegun).toBe(false)
  })

  it('fails once with what preparing failed with, and is over', async () => {
    const batches = new DeferredBatches(() => Promise.reject(new Error('no version')))
    await expect(batches.next()).rejects.toThrow('no version')
    expect(await batches.next()).toEqual({ done: true, value: undefined })
  })
})
