import { describe, expect, it } from 'vitest'
import type { AdapterEvent } from '../stream-event.js'
import { EventBatches, type EventSource } from './event-batches.js'

const delta = (text: string): AdapterEvent => ({ type: 'text-delta', text })

/** Events that a test reports when it likes. */
class Source implements EventSource {
  readonly batches = new EventBatches(this)
  readonly told: string[] = []
  #events: AdapterEvent[] = []

  start(): void {
    this.told.push('start')
  }
  resume(): void {
    this.told.push('resume')
  }
  cancel(): void {
    this.told.push('cancel')
  }
  take(): readonly AdapterEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }
  report(...texts: string[]): void {
    this.#events.push(...texts.map(delta))
    this.batches.notify()
  }
}

const texts = (result: IteratorResult<readonly AdapterEvent[], undefined>): string | undefined =>
  result.value?.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')

describe('EventBatches', () => {
  it('makes one batch of everything that comes before the consumer runs', async () => {
    const source = new Source()
    const next = source.batches.next()
    source.report('a')
    source.report('b', 'c')
    expect(texts(await next)).toBe('abc')
    expect(source.told).toEqual(['start'])
  })

  it('serves requests that do not wait for each other in their order', async () => {
    const source = new Source()
    const order: (string | undefined)[] = []
    const requests = Array.from({ length: 4 }, () => source.batches.next().then((result) => order.push(texts(result))))
    for (const text of ['a', 'b', 'c']) {
      source.report(text)
      await new Promise((resolve) => setImmediate(resolve))
    }
    source.batches.end()
    await Promise.all(requests)
    expect(order).toEqual(['a', 'b', 'c', undefined])
  })

  it('hands over what waits before it fails, and fails once', async () => {
    const source = new Source()
    const first = source.batches.next()
    source.report('a')
    source.batches.fail(new Error('cut'), false)
    expect(texts(await first)).toBe('a')
    await expect(source.batches.next()).rejects.toThrow('cut')
    expect(await source.batches.next()).toEqual({ done: true, value: undefined })
  })

  it('drops what waits when the caller gave up', async () => {
    const source = new Source()
    const first = source.batches.next()
    source.report('a')
    source.batches.fail(new Error('aborted'), true)
    await expect(first).rejects.toThrow('aborted')
  })

  it('ends whoever waits when it is closed, and tells the source', async () => {
    const source = new Source()
    const waiting = [source.batches.next(), source.batches.next()]
    await source.batches.return()
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 2 }, () => ({ done: true, value: undefined })))
    expect(source.told).toEqual(['start', 'cancel'])
    expect(source.batches.isAwaited).toBe(false)
  })
})
