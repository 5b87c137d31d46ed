import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cloudServing, documentedServing } from './documented-serving.js'
import { RealTimeEngine } from './real-time-engine.js'
import type { Serving } from './serving.js'
import { SimulatedEngine } from './simulated-engine.js'

const never = new AbortController().signal
const documented = documentedServing()
const small = (settings: Partial<Serving['settings']>): Serving => ({
  ...documented,
  settings: { ...documented.settings, ...settings },
})
const job = (outputTokens: readonly number[], signal = never) => ({
  sequences: outputTokens.map((tokens) => ({ promptTokens: 10, outputTokens: tokens })),
  signal,
})
const idle = { running: 0, waiting: 0, kvCacheUsage: 0 }

test('every sequence gets exactly its tokens, those without any take no part', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 5 }), async (outputTokens) => {
      const counts = outputTokens.map(() => 0)
      const engine = new RealTimeEngine(documented, 0)
      for await (const step of engine.generate(job(outputTokens)))
        for (const sequence of step) counts[sequence] = (counts[sequence] ?? 0) + 1
      expect(counts).toEqual(outputTokens)
      expect(engine.load()).toEqual(idle)
    }),
  )
})

test('driven by the clock of the process, the engine does what it does in a simulation', async () => {
  const tight = small({ blocks: 8, maxNumSeqs: 3, requestOverheadMs: 0 })
  const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(lengths, fc.constantFrom(0, 100_000), async (outputTokens, speed) => {
      const simulated: number[] = []
      const virtual = new SimulatedEngine(tight.settings, tight.stepTimes)
      // The first one starts at once, the others arrive while it is worked on.
      for (const [index, tokens] of outputTokens.entries()) {
        virtual.submit({ promptTokens: 10, outputTokens: tokens, onScheduled: () => simulated.push(index) }, 0)
        virtual.step(0)
      }
      for (let next = virtual.step(0); next !== undefined; ) next = virtual.step(next)
      const real: number[] = []
      const engine = new RealTimeEngine(tight, speed)
      await Promise.all(
        outputTokens.map(async (tokens, index) => {
          const onScheduled = () => real.push(index)
          for await (const _ of engine.generate({ ...job([tokens]), onScheduled }));
        }),
      )
      expect(real).toEqual(simulated)
      expect(engine.counters).toEqual(virtual.counters)
    }),
  )
})

test('jobs beyond the places wait in order, and one that gives up leaves the queue', async () => {
  const engine = new RealTimeEngine(small({ maxNumSeqs: 1, requestOverheadMs: 0 }), 1e-3)
  const aborter = new AbortController()
  const steps = [never, aborter.signal, never].map((signal) => engine.generate(job([1], signal)).next())
  expect(engine.load()).toMatchObject({ running: 1, waiting: 2 })
  aborter.abort(new Error('enough'))
  await expect(steps[1]).rejects.toThrow('enough')
  expect(engine.load()).toMatchObject({ running: 1, waiting: 1 })
})

test('an abort ends a long wait, and a job that is aborted already never starts', async () => {
  const engine = new RealTimeEngine(documented, 1e-12)
  const aborter = new AbortController()
  const step = engine.generate(job([1], aborter.signal)).next()
  aborter.abort(new Error('enough'))
  await expect(step).rejects.toThrow('enough')
  await expect(engine.generate(job([1], aborter.signal)).next()).rejects.toThrow('enough')
  expect(engine.load()).toEqual(idle)
})

test('leaving the loop frees the place', async () => {
  const engine = new RealTimeEngine(small({ maxNumSeqs: 2 }), 0)
  for await (const _ of engine.generate(job([5, 5]))) break
  expect(engine.load()).toEqual(idle)
  const counts: number[] = []
  for await (const step of engine.generate(job([2, 1]))) counts.push(step.length)
  expect(counts).toEqual([2, 1])
})

test('a job hears once that work on it has begun', async () => {
  const engine = new RealTimeEngine(documented, 0)
  let begun = 0
  const onScheduled = () => {
    begun += 1
  }
  for await (const _ of engine.generate({ ...job([3, 3]), onScheduled })) expect(begun).toBe(1)
  expect(begun).toBe(1)
})

test('a cloud service has room for any prompt', async () => {
  const engine = new RealTimeEngine(cloudServing(), 0)
  const sequences = [{ promptTokens: 2_000_000, outputTokens: 1 }]
  for await (const step of engine.generate({ sequences, signal: never })) expect(step).toEqual([0])
})
