import fc from 'fast-check'
import { expect, test } from 'vitest'
import { interTokenLatencyMs, mistral7bOnTwoA100 } from './pace.js'
import { PacedEngine } from './paced-engine.js'

const never = new AbortController().signal

test('latencies are the documented ones and grow with the number of sequences', () => {
  const tokensPerSecond = (sequences: number) => 1000 / interTokenLatencyMs(mistral7bOnTwoA100, sequences)
  expect([1, 10, 100].map((sequences) => Number(tokensPerSecond(sequences).toFixed(2)))).toEqual([101.19, 90.35, 49.17])
  fc.assert(fc.property(fc.nat(500), (sequences) => tokensPerSecond(sequences + 1) <= tokensPerSecond(sequences)))
})

test('every sequence gets exactly its tokens', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
      async (outputTokens) => {
        const counts = outputTokens.map(() => 0)
        const engine = new PacedEngine(mistral7bOnTwoA100, 0)
        for await (const step of engine.generate({ promptTokens: 1, outputTokens, signal: never })) {
          for (const sequence of step) counts[sequence] = (counts[sequence] ?? 0) + 1
        }
        expect(counts).toEqual(outputTokens)
        expect(engine.load()).toEqual({ running: 0, waiting: 0, kvCacheUsage: 0 })
      },
    ),
  )
})

test('jobs beyond the places wait in order, and one that gives up leaves the queue', async () => {
  const engine = new PacedEngine({ ...mistral7bOnTwoA100, maxSequences: 1 }, 0)
  const job = (signal = never) =>
    engine.generate({ promptTokens: 1, outputTokens: [1], signal })[Symbol.asyncIterator]()
  const first = job()
  await first.next()
  const leaver = new AbortController()
  const leaving = job(leaver.signal).next()
  const second = job()
  const secondStep = second.next()
  expect(engine.load()).toMatchObject({ running: 1, waiting: 2 })
  leaver.abort()
  await expect(leaving).rejects.toThrow()
  await first.return?.(undefined)
  expect(await secondStep).toMatchObject({ done: false })
  await second.return?.(undefined)
  expect(engine.load()).toMatchObject({ running: 0, waiting: 0 })
})

test('an abort ends a long wait', async () => {
  const engine = new PacedEngine(mistral7bOnTwoA100, 1e-6)
  const aborter = new AbortController()
  const step = engine.generate({ promptTokens: 1, outputTokens: [1], signal: aborter.signal }).next()
  aborter.abort(new Error('enough'))
  await expect(step).rejects.toThrow('enough')
  expect(engine.load().running).toBe(0)
})

test('a job that leaves makes room for as many as fit', async () => {
  const engine = new PacedEngine({ ...mistral7bOnTwoA100, maxSequences: 2 }, 0)
  const job = (sequences: number) =>
    engine.generate({ promptTokens: 1, outputTokens: Array.from({ length: sequences }, () => 1), signal: never })
  const wide = job(2)
  await wide.next()
  const narrow = [job(1), job(1)]
  const steps = narrow.map((waiting) => waiting.next())
  expect(engine.load()).toMatchObject({ running: 1, waiting: 2 })
  await wide.return(undefined)
  expect(engine.load()).toMatchObject({ running: 2, waiting: 0 })
  expect(await Promise.all(steps)).toEqual([
    { done: false, value: [0] },
    { done: false, value: [0] },
  ])
})
