import { createStepTimeModel } from '@duo-models/rules'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Sequence, SequenceRequest } from './sequence.js'
import { type EngineSettings, SimulatedEngine } from './simulated-engine.js'

const stepTimes = createStepTimeModel({ model: 'mistral-7b-it-v0.3', machine: 'a2-highgpu-2g' })

const roomy: EngineSettings = {
  blockSize: 16,
  blocks: 1_000_000,
  maxNumSeqs: 256,
  maxNumBatchedTokens: 2048,
  chunkedPrefill: true,
  readsPromptsAlone: false,
  schedulingPolicy: 'fcfs',
  enablePrefixCaching: false,
  requestOverheadMs: 0,
}

interface Arrival {
  readonly atMs: number
  readonly promptTokens: number
  readonly outputTokens: number
  readonly priority: number
  /** Which text the prompt starts with. */
  readonly text: number
  /** Aborted so long after its arrival; never when absent. */
  readonly abortAfterMs: number | undefined
}

type LogEntry = readonly [what: 'scheduled' | 'token' | 'done', request: number, timeMs: number]

interface Run {
  readonly log: readonly LogEntry[]
  readonly engine: SimulatedEngine
  /** Largest numbers seen in any step. */
  readonly most: { sequences: number; tokens: number; usage: number }
}

/** Lets the engine work off arrivals, in the order of time. */
function run(settings: EngineSettings, arrivals: readonly Arrival[]): Run {
  const log: LogEntry[] = []
  const most = { sequences: 0, tokens: 0, usage: 0 }
  let running: (readonly [number, Sequence])[] = []
  const watched: typeof stepTimes = {
    profile: stepTimes.profile,
    prefillMs: stepTimes.prefillMs,
    decodeStepMs(sequences, context) {
      most.sequences = Math.max(most.sequences, sequences)
      most.tokens = Math.max(most.tokens, sequences)
      return stepTimes.decodeStepMs(sequences, context)
    },
    mixedStepMs(sequences, context, tokens, cached) {
      most.sequences = Math.max(most.sequences, sequences + 1)
      most.tokens = Math.max(most.tokens, sequences + tokens)
      return stepTimes.mixedStepMs(sequences, context, tokens, cached)
    },
  }
  const engine = new SimulatedEngine(settings, watched)
  const events = arrivals.flatMap((arrival, index) => [
    { atMs: arrival.atMs, apply: () => running.push([index, submit(index, arrival)]) },
    ...(arrival.abortAfterMs === undefined
      ? []
      : [{ atMs: arrival.atMs + arrival.abortAfterMs, apply: () => abort(index) }]),
  ])
  events.sort((a, b) => a.atMs - b.atMs)
  const abort = (index: number) => {
    for (const [other, sequence] of running) if (other === index) engine.abort(sequence)
    running = running.filter(([other]) => other !== index)
  }
  const submit = (index: number, { atMs, text, ...request }: Arrival) => {
    const told: SequenceRequest = {
      ...request,
      blockKey: (block) => `${text}#${block}`,
      onScheduled: (timeMs) => log.push(['scheduled', index, timeMs]),
      onToken: (timeMs) => log.push(['token', index, timeMs]),
      onDone: (timeMs) => log.push(['done', index, timeMs]),
    }
    return engine.submit(told, atMs)
  }
  let next: number | undefined
  for (let left = 1_000_000; left > 0; left -= 1) {
    const event = events[0]
    if (event !== undefined && (next === undefined || event.atMs <= next)) {
      events.shift()
      event.apply()
      next = engine.step(event.atMs)
    } else if (next !== undefined) next = engine.step(next)
    else break
    const load = engine.load()
    expect(load.kvCacheUsage).toBeLessThanOrEqual(1)
    expect(load.running).toBeLessThanOrEqual(settings.maxNumSeqs)
    most.usage = Math.max(most.usage, load.kvCacheUsage)
  }
  return { log, engine, most }
}

const arrival = fc.record({
  atMs: fc.integer({ min: 0, max: 2000 }),
  promptTokens: fc.integer({ min: 1, max: 150 }),
  outputTokens: fc.integer({ min: 1, max: 60 }),
  priority: fc.integer({ min: -2, max: 2 }),
  text: fc.nat(2),
  abortAfterMs: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined, freq: 4 }),
})
const arrivals = fc
  .array(arrival, { minLength: 1, maxLength: 25 })
  .map((list) => list.toSorted((a, b) => a.atMs - b.atMs))
const neverAborted = arrivals.map((list) => list.map((item) => ({ ...item, abortAfterMs: undefined })))

// Small enough that requests of 210 tokens get into each other's way: 14 blocks hold one of them.
const settings = fc
  .record({
    blocks: fc.integer({ min: 14, max: 60 }),
    maxNumSeqs: fc.integer({ min: 1, max: 12 }),
    maxNumBatchedTokens: fc.integer({ min: 12, max: 300 }),
    mode: fc.constantFrom('chunked', 'whole prompts', 'prompts alone'),
    schedulingPolicy: fc.constantFrom('fcfs' as const, 'priority' as const),
    enablePrefixCaching: fc.boolean(),
    requestOverheadMs: fc.constantFrom(0, 20),
  })
  .map(({ mode, maxNumBatchedTokens, ...rest }) => ({
    ...roomy,
    ...rest,
    chunkedPrefill: mode === 'chunked',
    readsPromptsAlone: mode === 'prompts alone',
    // Whole prompts, and what a preempted request has written, have to fit into one step.
    maxNumBatchedTokens: mode === 'chunked' ? maxNumBatchedTokens : Math.max(210, maxNumBatchedTokens),
  }))

const count = (log: readonly LogEntry[], what: LogEntry[0], request: number) =>
  log.filter(([kind, index]) => kind === what && index === request).length

test('every request gets exactly its tokens, aborted ones at most, and at the end all blocks are free', () => {
  fc.assert(
    fc.property(settings, arrivals, (config, list) => {
      const { log, engine, most } = run(config, list)
      for (const [index, { outputTokens, abortAfterMs }] of list.entries()) {
        const tokens = count(log, 'token', index)
        expect(tokens).toBeLessThanOrEqual(outputTokens)
        expect(count(log, 'done', index)).toBe(tokens === outputTokens ? 1 : 0)
        if (abortAfterMs === undefined) expect(tokens).toBe(outputTokens)
      }
      expect(engine.load()).toEqual({ running: 0, waiting: 0, kvCacheUsage: 0 })
      expect(most.tokens).toBeLessThanOrEqual(config.maxNumBatchedTokens)
      expect(most.sequences).toBeLessThanOrEqual(config.maxNumSeqs)
    }),
  )
})

test('the same arrivals give the same times', () => {
  fc.assert(
    fc.property(settings, arrivals, (config, list) => {
      expect(run(config, list).log).toEqual(run(config, list).log)
    }),
  )
})

test('requests are started in the order of their arrival, preempted ones before those that never ran', () => {
  fc.assert(
    fc.property(settings, neverAborted, (config, list) => {
      const { log } = run({ ...config, schedulingPolicy: 'fcfs' }, list)
      const started = log.filter(([what]) => what === 'scheduled').map(([, index]) => index)
      expect(started).toEqual(list.map((_, index) => index))
    }),
  )
})

test('with priorities, a waiting request of a lower value is never passed over', () => {
  fc.assert(
    fc.property(settings, fc.array(arrival, { minLength: 1, maxLength: 25 }), (config, list) => {
      const together = list.map((item) => ({ ...item, atMs: 0, abortAfterMs: undefined }))
      const engine = new SimulatedEngine({ ...config, schedulingPolicy: 'priority', requestOverheadMs: 0 }, stepTimes)
      const started: number[] = []
      for (const { promptTokens, outputTokens, priority } of together)
        engine.submit({ promptTokens, outputTokens, priority, onScheduled: () => started.push(priority) }, 0)
      for (let next = engine.step(0); next !== undefined; ) next = engine.step(next)
      expect(started).toEqual(started.toSorted((a, b) => a - b))
      expect(started).toHaveLength(list.length)
    }),
  )
})

const one = { priority: 0, text: 0, abortAfterMs: undefined }

test('without pressure nobody is preempted; under pressure the newest gives way and still finishes', () => {
  const burst = Array.from({ length: 4 }, () => ({ ...one, atMs: 0, promptTokens: 40, outputTokens: 100 }))
  expect(run(roomy, burst).engine.counters.preemptions).toBe(0)
  const { engine, log } = run({ ...roomy, blocks: 20 }, burst)
  expect(engine.counters.preemptions).toBeGreaterThan(0)
  const done = log.filter(([what]) => what === 'done').map(([, index]) => index)
  expect(done).toEqual([0, 1, 2, 3])
})

test('a repeated prompt is found in the prefix cache, except for what its next token follows from', () => {
  const twice = [0, 10_000].map((atMs) => ({ ...one, atMs, promptTokens: 160, outputTokens: 4 }))
  const firstToken = ({ log }: Run, request: number) =>
    (log.find(([what, index]) => what === 'token' && index === request)?.[2] ?? 0) - (twice[request]?.atMs ?? 0)
  const cached = run({ ...roomy, enablePrefixCaching: true }, twice)
  expect(cached.engine.counters).toMatchObject({ prefixCacheQueries: 320, prefixCacheHits: 144 })
  expect(firstToken(cached, 1)).toBeLessThan(firstToken(cached, 0))
  const plain = run(roomy, twice)
  expect(plain.engine.counters).toMatchObject({ prefixCacheQueries: 0, prefixCacheHits: 0 })
  expect(firstToken(plain, 1)).toBeCloseTo(firstToken(plain, 0), 6)
})

test('chunked prefill lets others write while a long prompt is read; reading alone makes them wait', () => {
  const list = [
    { ...one, atMs: 0, promptTokens: 10, outputTokens: 40 },
    { ...one, atMs: 100, promptTokens: 6000, outputTokens: 1 },
  ]
  const longestGap = (config: EngineSettings) => {
    const times = run(config, list)
      .log.filter(([what, index]) => what === 'token' && index === 0)
      .map(([, , timeMs]) => timeMs)
    return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)))
  }
  const chunked = longestGap({ ...roomy, maxNumBatchedTokens: 512 })
  const alone = longestGap({ ...roomy, maxNumBatchedTokens: 8192, chunkedPrefill: false, readsPromptsAlone: true })
  expect(alone).toBeGreaterThan(4 * chunked)
})

test('steps that begin under a slowdown take that much longer', () => {
  const total = (slowdown: number) => {
    const engine = new SimulatedEngine(roomy, stepTimes, () => slowdown)
    let end = 0
    engine.submit({ promptTokens: 10, outputTokens: 5, onDone: (timeMs) => (end = timeMs) }, 0)
    for (let next = engine.step(0); next !== undefined; ) next = engine.step(next)
    return end
  }
  expect(total(4)).toBeCloseTo(4 * total(1), 6)
})
