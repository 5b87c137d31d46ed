import { describe, expect, it } from 'vitest'
import { Once } from './once.js'

describe('Once', () => {
  it('asks once for many callers and keeps the answer', async () => {
    let asked = 0
    const once = new Once(async () => ++asked)
    expect(await Promise.all([once.get(), once.get(), once.get()])).toEqual([1, 1, 1])
    expect(await once.get()).toBe(1)
  })

  it('keeps a failure for half a minute, then asks again', async () => {
    let nowMs = 0
    let asked = 0
    const ask = async () => {
      if (++asked === 1) throw new Error('the server is starting')
      return 'answer'
    }
    const once = new Once(ask, () => nowMs)
    expect(await once.get()).toBeUndefined()
    nowMs = 30_000
    expect(await once.get()).toBeUndefined()
    expect(asked).toBe(1)
    nowMs = 30_001
    expect(await once.get()).toBe('answer')
    nowMs = 90_000
    expect(await once.get()).toBe('answer')
    expect(asked).toBe(2)
  })
})
