import { describe, expect, it } from 'vitest'
import type { BatchReceiver } from '../batch-iterator.js'
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

  it('hands a batch to a receiver in the call that reports it, and what waits before it returns', () => {
    const source = new Source()
    const told: string[] = []
    const receiver: BatchReceiver = {
      take: (batch) => told.push(texts({ done: false, value: batch }) ?? ''),
      end: () => told.push('end'),
      fail: (error) => told.push(String(error)),
    }
    source.batches.handOver(receiver)
    expect(source.batches.isAwaited).toBe(true)
    source.report('a')
    expect(told).toEqual(['a'])
    expect(source.batches.isAwaited).toBe(false)
    source.report('b')
    source.report('c')
    source.batches.handOver(receiver)
    expect(told).toEqual(['a', 'bc'])
    source.batches.handOver(receiver)
    source.batches.end()
    source.batches.handOver(receiver)
    expect(told).toEqual(['a', 'bc', 'end', 'end'])
    expect(source.told).toEqual(['start', 'resume'])
  })

  it('tells a receiver of a failure after what waits, once', () => {
    const source = new Source()
    const told: string[] = []
    const receiver: BatchReceiver = {
      take: (batch) => told.push(texts({ done: false, value: batch }) ?? ''),
      end: () => told.push('end'),
      fail: (error) => told.push((error as Error).message),
    }
    source.batches.handOver(receiver)
    source.report('a')
    source.report('b')
    source.batches.fail(new Error('cut'), false)
    for (let count = 0; count < 3; count++) source.batches.handOver(receiver)
    expect(told).toEqual(['a', 'b', 'cut', 'end'])
  })

  it('may be asked by next() first and by handOver() later', async () => {
    const source = new Source()
    const first = source.batches.next()
    source.report('a')
    expect(texts(await first)).toBe('a')
    const second = new Promise<string | undefined>((resolve, reject) => {
      const end = () => reject(new Error('ended'))
      source.batches.handOver({ take: (batch) => resolve(texts({ done: false, value: batch })), end, fail: reject })
    })
    source.report('b')
    expect(await second).toBe('b')
  })
})
