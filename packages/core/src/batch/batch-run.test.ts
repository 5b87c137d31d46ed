import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { DuoModelError, type RateLimitError } from '@duo-models/adapters'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDuoModelClient } from '../create-duo-model-client.js'
import type { DuoModelClient } from '../duo-model-client.js'
import type { ModelRequest } from '../model-request.js'
import type { ModelResponse } from '../model-response.js'
import { deadEndpoint, deploymentAt, emulatedClient, failureOf, question } from '../testing/emulated-client.js'
import type { BatchInput } from './batch-options.js'
import type { BatchProgress } from './batch-progress.js'
import type { BatchResult } from './batch-result.js'
import { BatchRun } from './batch-run.js'
import { BatchSource } from './batch-source.js'
import { readBatchOptions } from './read-batch-options.js'

function questions(count: number): ModelRequest[] {
  return Array.from({ length: count }, (_, index) => question(index))
}

async function collect(run: AsyncIterable<BatchResult>): Promise<{ results: BatchResult[]; error: unknown }> {
  const results: BatchResult[] = []
  try {
    for await (const result of run) results.push(result)
    return { results, error: undefined }
  } catch (error) {
    return { results, error }
  }
}

/** Questions from a source that tells when it is closed. */
function* closable(count: number, onClose: () => void): Generator<BatchInput> {
  try {
    yield* questions(count)
  } finally {
    onClose()
  }
}

describe('a batch', () => {
  it('answers every request, in order, with the id it came with', async () => {
    await using emulated = await emulatedClient()
    const items = questions(20).map((request, index) => (index % 2 === 0 ? request : { id: `q-${index}`, request }))
    const { results, error } = await collect(emulated.client.batch(items, { concurrency: 4 }))
    expect(error).toBeUndefined()
    expect(results.map(({ index }) => index)).toEqual(items.map((_, index) => index))
    expect(results.every((result) => result.ok && result.response.text !== '')).toBe(true)
    expect(results[3]?.id).toBe('q-3')
    expect(results[4]).not.toHaveProperty('id')
    const whole = await emulated.client.generate(question(7))
    expect(results[7]).toMatchObject({ response: { text: whole.text } })
  })

  it('takes an asynchronous source, and gives results as they complete where order does not matter', async () => {
    const slowFirst = { kind: 'slow-first-token', requests: [0], delayMs: 300 } as const
    await using emulated = await emulatedClient([{ faults: [slowFirst] }])
    async function* source() {
      for (const request of questions(6)) yield request
    }
    const { results } = await collect(emulated.client.batch(source(), { concurrency: 2, ordered: false }))
    expect(results.at(-1)?.index).toBe(0)
    expect(new Set(results.map(({ index }) => index)).size).toBe(6)
  })

  it('measures times to the first token with `stream`', async () => {
    await using emulated = await emulatedClient()
    const run = emulated.client.batch(questions(3), { stream: true })
    await run.summary
    expect(run.progress.timeToFirstTokenMs.count).toBe(3)
    expect(emulated.servers[0]?.requests.every(({ json }) => JSON.stringify(json).includes('"stream":true'))).toBe(true)
  })

  it('has a result for a request that cannot be sent, and goes on', async () => {
    await using emulated = await emulatedClient()
    const hostile = Object.defineProperty({}, 'feature', {
      enumerable: true,
      get: () => {
        throw new Error('hands off')
      },
    })
    const items = [
      { feature: 'duo-chat', messages: [] },
      null,
      'text',
      { id: 7, request: question(1) },
      { id: 'a', request: question(1), reqest: 1 },
      { id: 'b', request: undefined },
      hostile,
      JSON.parse('{"__proto__":{"feature":"duo-chat"}}'),
      question(1),
    ] as BatchInput[]
    const { results, error } = await collect(emulated.client.batch(items))
    expect(error).toBeUndefined()
    const codes = results.map((result) => (result.ok ? 'ok' : result.error.code))
    expect(codes).toEqual([...Array(6).fill('invalid-request'), 'protocol', 'invalid-request', 'ok'])
    expect(results[4]).toMatchObject({ id: 'a', error: { message: expect.stringContaining("'reqest'") } })
    expect(emulated.servers[0]?.requests).toHaveLength(1)
  })

  it('counts, times and reports as it goes', async () => {
    const refuse = { kind: 'status', status: 400, body: { message: 'no' }, requests: [1] } as const
    await using emulated = await emulatedClient([{ faults: [refuse] }])
    const seen: BatchProgress[] = []
    const run = emulated.client.batch(questions(10), {
      concurrency: 2,
      progressIntervalMs: 0,
      onProgress: (progress) => seen.push(progress),
    })
    expect(run.progress).toMatchObject({ total: 10, done: 0, running: 0, elapsedMs: 0 })
    const { results } = await collect(run)
    const summary = await run.summary
    expect(summary).toMatchObject({
      complete: true,
      total: 10,
      done: 10,
      failed: 1,
      running: 0,
      errors: { 'invalid-request': 1 },
      etaMs: 0,
      endToEndLatencyMs: { count: 9 },
      timeToFirstTokenMs: { count: 0 },
    })
    const tokens = results.reduce((sum, result) => sum + (result.ok ? (result.response.usage.outputTokens ?? 0) : 0), 0)
    expect(summary.outputTokens).toBe(tokens)
    expect(summary.requestsPerSecond).toBeGreaterThan(0)
    expect(seen).toHaveLength(11)
    expect(seen.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10])
    expect(run.progress.elapsedMs).toBe(summary.elapsedMs)
  })

  it('runs by itself where only the summary is wanted, and may be read beside it', async () => {
    await using emulated = await emulatedClient()
    const alone = emulated.client.batch(questions(5))
    expect(await alone.summary).toMatchObject({ complete: true, done: 5 })
    const both = emulated.client.batch(questions(5))
    const { summary } = both
    expect((await collect(both)).results).toHaveLength(5)
    expect(await summary).toMatchObject({ complete: true, done: 5 })
  })

  it('of nothing is complete at once', async () => {
    await using emulated = await emulatedClient()
    const run = emulated.client.batch([])
    expect((await collect(run)).results).toEqual([])
    expect(await run.summary).toMatchObject({ complete: true, total: 0, done: 0 })
  })

  it('takes no more than it may run and is read', async () => {
    await using emulated = await emulatedClient()
    let taken = 0
    function* endless(): Generator<BatchInput> {
      for (;;) {
        taken += 1
        yield question(taken)
      }
    }
    const iterator = emulated.client.batch(endless(), { concurrency: 3 })[Symbol.asyncIterator]()
    await iterator.next()
    await expect.poll(() => taken).toBe(7)
    await sleep(50)
    expect(taken).toBe(7)
    await iterator.return?.()
    expect(taken).toBe(7)
  })
})

describe('a batch that ends early', () => {
  it('closes its source and its sockets when the reader leaves', async () => {
    await using emulated = await emulatedClient([{ faults: [{ kind: 'stall', when: 'before-headers', after: 1 }] }])
    let closed = 0
    const run = emulated.client.batch(
      closable(100, () => (closed += 1)),
      { concurrency: 5 },
    )
    for await (const result of run) {
      expect(result.index).toBe(0)
      break
    }
    expect(closed).toBe(1)
    expect(run.progress.running).toBe(0)
    expect(await run.summary).toMatchObject({ complete: false })
    const open = () => emulated.servers[0]?.requests.filter((each) => !each.finished && !each.closedByClient).length
    await expect.poll(open).toBe(0)
  })

  it('gives the results there are when the source fails, then its error, once', async () => {
    await using emulated = await emulatedClient()
    const broken = new Error('line 4 is no JSON')
    async function* source() {
      yield* questions(3)
      throw broken
    }
    const run = emulated.client.batch(source())
    const { summary } = run
    const iterator = run[Symbol.asyncIterator]()
    for (let index = 0; index < 3; index += 1) expect((await iterator.next()).value).toMatchObject({ ok: true, index })
    await expect(iterator.next()).rejects.toBe(broken)
    expect((await iterator.next()).done).toBe(true)
    await expect(summary).rejects.toBe(broken)
    expect(run.progress.done).toBe(3)
  })

  it('takes nothing where the signal has fired already', async () => {
    await using emulated = await emulatedClient()
    let opened = false
    function* source() {
      opened = true
      yield question(1)
    }
    const { results, error } = await collect(emulated.client.batch(source(), { signal: AbortSignal.abort('why') }))
    expect(DuoModelError.is(error, 'aborted') && error.cause).toBe('why')
    expect(results).toEqual([])
    expect(opened).toBe(false)
  })

  it('aborts what is under way when the signal fires; every request taken has its result', async () => {
    await using emulated = await emulatedClient([{ faults: [{ kind: 'stall', when: 'before-headers', after: 2 }] }])
    const controller = new AbortController()
    let closed = 0
    const run = emulated.client.batch(
      closable(100, () => (closed += 1)),
      { concurrency: 4, signal: controller.signal },
    )
    setTimeout(() => controller.abort(), 150)
    const { results, error } = await collect(run)
    expect(results.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual([
      'ok',
      'ok',
      ...Array(4).fill('aborted'),
    ])
    expect(DuoModelError.is(error, 'aborted')).toBe(true)
    expect(closed).toBe(1)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    expect((await failureOf(run.summary)).code).toBe('aborted')
  })

  it('does not wait for a source that never answers', async () => {
    await using emulated = await emulatedClient()
    const controller = new AbortController()
    const stuck = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }
    const aborted = collect(emulated.client.batch(stuck, { signal: controller.signal }))
    controller.abort()
    expect(DuoModelError.is((await aborted).error, 'aborted')).toBe(true)
    const iterator = emulated.client.batch(stuck)[Symbol.asyncIterator]()
    const waiting = iterator.next()
    await iterator.return?.()
    expect(await waiting).toEqual({ value: undefined, done: true })
  })

  it('with the error its `onProgress` throws', async () => {
    await using emulated = await emulatedClient()
    const mistake = new Error('no such column')
    const options = {
      progressIntervalMs: 0,
      onProgress: () => {
        throw mistake
      },
    }
    const { error } = await collect(emulated.client.batch(questions(5), options))
    expect(error).toBe(mistake)
  })

  it('when the client closes: results first, then `aborted`, and nothing is taken from then on', async () => {
    await using emulated = await emulatedClient([{ faults: [{ kind: 'stall', when: 'before-headers', after: 1 }] }])
    const run = emulated.client.batch(questions(50), { concurrency: 3 })
    const reading = collect(run)
    await expect.poll(() => emulated.servers[0]?.requests.length).toBe(4)
    await emulated.client.close()
    const { results, error } = await reading
    expect(results.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual(['ok', ...Array(3).fill('aborted')])
    expect(DuoModelError.is(error, 'aborted') && error.message).toMatch(/client was closed/)
    expect((await failureOf(collectOrThrow(emulated.client.batch([question(1)])))).code).toBe('configuration')
  })

  it('never: ten thousand requests to a dead server have ten thousand results, with hardly a retry', async () => {
    const client = createDuoModelClient(deploymentAt(await deadEndpoint()))
    const run = client.batch(questions(10_000))
    const summary = await run.summary
    expect(summary).toMatchObject({ complete: true, done: 10_000, failed: 10_000, errors: { connection: 10_000 } })
    await client.close()
  }, 60_000)
})

async function collectOrThrow(run: AsyncIterable<BatchResult>): Promise<readonly BatchResult[]> {
  const { results, error } = await collect(run)
  if (error !== undefined) throw error
  return results
}

describe('a batch refuses', () => {
  const client = (): DuoModelClient => createDuoModelClient(deploymentAt('http://127.0.0.1:1/v1'))

  it.each([
    [{ concurrency: 0 }, /'concurrency' must be a whole number of at least 1; it is 0/],
    [{ concurency: 4 }, /no option 'concurency'.*concurrency/],
    [{ ordered: 'yes' }, /'ordered' must be true or false/],
    [{ onProgress: 1 }, /'onProgress' must be a function/],
    [{ signal: {} }, /'signal' must be an AbortSignal/],
    [{ total: -1 }, /'total' must be/],
    [null, /'options' must be an object/],
  ])('the options %j', (options, message) => {
    expect(() => client().batch([], options as never)).toThrow(message)
  })

  it.each([[question(1)], ['abc'], [undefined], [7]])('%j as its requests', (requests) => {
    expect(() => client().batch(requests as never)).toThrow(/client\.batch\(\) takes a list of requests/)
  })

  it('a second reader', async () => {
    const run = client().batch([])
    await collect(run)
    expect(() => run[Symbol.asyncIterator]()).toThrow(/already read by for await/)
  })
})

/** What a made-up server does with one request: after how many turns it answers, and whether with an error. */
interface Plan {
  readonly turns: number
  readonly fails: boolean
}

describe('whatever the servers do', () => {
  const plans = fc.array(fc.record({ turns: fc.nat(6), fails: fc.boolean() }), { maxLength: 40 })
  const overloaded = { code: 'rate-limit' } as RateLimitError

  async function turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn += 1) await Promise.resolve()
  }

  it('a batch has one result per request, in order if asked, within its bounds', async () => {
    const property = fc.asyncProperty(
      plans,
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      fc.nat(4),
      async (given: Plan[], concurrency, ordered, readerTurns) => {
        let taken = 0
        let running = 0
        let delivered = 0
        function* source(): Generator<BatchInput> {
          for (const [index] of given.entries()) {
            taken += 1
            // One more is with the reader.
            expect(taken - delivered).toBeLessThanOrEqual(2 * concurrency + 1)
            yield { id: String(index), request: { feature: 'duo-chat', messages: [] } }
          }
        }
        let next = 0
        const run = new BatchRun({
          source: new BatchSource(source()),
          settings: readBatchOptions({ concurrency, ordered }, undefined),
          run: async () => {
            const plan = given[next++]
            running += 1
            expect(running).toBeLessThanOrEqual(concurrency)
            await turns(plan?.turns ?? 0)
            running -= 1
            if (plan?.fails) throw overloaded
            return { timing: { endToEndLatencyMs: 1, schedulerQueueTimeMs: 0 }, usage: {} } as ModelResponse
          },
          onStart: () => {},
          onEnd: () => {},
          usefulConcurrency: () => concurrency,
          now: () => 0,
        })
        const results: BatchResult[] = []
        for await (const result of run) {
          delivered += 1
          results.push(result)
          await turns(readerTurns)
        }
        const indices = results.map(({ index }) => index)
        expect(ordered ? indices : [...indices].sort((a, b) => a - b)).toEqual(given.map((_, index) => index))
        for (const { index, id, ok } of results) {
          expect(id).toBe(String(index))
          expect(ok).toBe(!given[index]?.fails)
        }
        expect(await run.summary).toMatchObject({ done: given.length, running: 0, complete: true })
      },
    )
    await fc.assert(property)
  })
})
