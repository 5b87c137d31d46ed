import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSimulation, type Simulation, type SimulationOptions } from './create-simulation.js'
import type { SimulatedRequest } from './simulated-request.js'
import { createVirtualClock } from './virtual-clock.js'

/** Sends a request and notes what becomes of it. */
function follow(simulation: Simulation, request: SimulatedRequest) {
  const log: (readonly [string, number])[] = []
  const abort = simulation.submit(request, {
    onFirstToken: (timeMs) => log.push(['first', timeMs]),
    onToken: (timeMs, index) => log.push([String(index), timeMs]),
    onDone: (timeMs) => log.push(['done', timeMs]),
    onFailed: (failure, timeMs) => log.push([failure, timeMs]),
  })
  return { log, abort, at: (what: string) => log.find(([name]) => name === what)?.[1] }
}

const short = { promptTokens: 100, outputTokens: 3 }

test('a request is heard of from its first token to its last', () => {
  const simulation = createSimulation()
  const { log, at } = follow(simulation, short)
  expect(simulation.replicas()).toMatchObject([{ isUp: true, running: 0, waiting: 1 }])
  simulation.clock.run()
  expect(log.map(([what]) => what)).toEqual(['first', '0', '1', '2', 'done'])
  expect(at('done')).toBe(simulation.clock.now())
  expect(simulation.replicas()).toMatchObject([{ running: 0, waiting: 0, kvCacheUsage: 0, steps: 3 }])
})

test('whatever is asked, everyone hears exactly one end, and the same seed gives the same times', () => {
  const requests = fc.array(
    fc.record({
      promptTokens: fc.integer({ min: 1, max: 3000 }),
      outputTokens: fc.integer({ min: 1, max: 60 }),
      prefix: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
      priority: fc.nat(3),
    }),
    { maxLength: 30 },
  )
  const options = fc.record({
    replicas: fc.integer({ min: 1, max: 3 }),
    maxPendingRequests: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    jitter: fc.constantFrom(0, 0.3),
    seed: fc.nat(),
    schedulingPolicy: fc.constantFrom('fcfs' as const, 'priority' as const),
    enablePrefixCaching: fc.boolean(),
    events: fc.constantFrom<NonNullable<SimulationOptions['events']>>(
      [],
      [
        { kind: 'replica-down', atMs: 150, replica: 0 },
        { kind: 'replica-up', atMs: 300, replica: 0 },
      ],
    ),
  })
  fc.assert(
    fc.property(options, requests, (given, list) => {
      const run = () => {
        const simulation = createSimulation({ ...given, vllmVersion: '0.11.0' })
        const followed = list.map((request) => follow(simulation, request))
        simulation.clock.run()
        for (const replica of simulation.replicas()) expect(replica).toMatchObject({ running: 0, waiting: 0 })
        return followed.map(({ log }) => log)
      }
      const logs = run()
      const ends = ['done', 'rejected', 'replica-down']
      for (const log of logs) expect(log.filter(([what]) => ends.includes(what))).toEqual(log.slice(-1))
      for (const [index, log] of logs.entries())
        if (log.at(-1)?.[0] === 'done') expect(log).toHaveLength((list[index]?.outputTokens ?? 0) + 2)
      expect(run()).toEqual(logs)
    }),
  )
})

test('an aborted request is not heard of again, and leaves no blocks behind', () => {
  const simulation = createSimulation()
  const { log, abort } = follow(simulation, { promptTokens: 100, outputTokens: 100 })
  simulation.clock.run(200)
  const heard = log.length
  expect(heard).toBeGreaterThan(1)
  abort()
  expect(simulation.replicas()).toMatchObject([{ running: 0, kvCacheUsage: 0 }])
  simulation.clock.run()
  expect(log).toHaveLength(heard)
})

test('a new request may be sent from every callback', () => {
  const simulation = createSimulation()
  let done = 0
  const send = (left: number) => {
    simulation.submit(short, {
      onFirstToken: () => left > 0 && send(left - 1),
      onDone: () => {
        done += 1
      },
    })
  }
  send(5)
  simulation.clock.run()
  expect(done).toBe(6)
})

test('an error in a callback comes out of the clock, and the others go on', () => {
  const simulation = createSimulation()
  simulation.submit(short, {
    onFirstToken: () => {
      throw new Error('mine')
    },
  })
  const { log } = follow(simulation, short)
  expect(() => simulation.clock.run()).toThrow('mine')
  simulation.clock.run()
  expect(log.map(([what]) => what)).toEqual(['first', '0', '1', '2', 'done'])
  expect(simulation.replicas()).toMatchObject([{ running: 0, waiting: 0 }])
})

describe('the servers', () => {
  const timeOf = (options: SimulationOptions, atMs = 0) => {
    const clock = createVirtualClock()
    const simulation = createSimulation({ ...options, clock })
    clock.run(atMs)
    const { at } = follow(simulation, { promptTokens: 100, outputTokens: 20 })
    clock.run()
    return (at('done') ?? Number.NaN) - atMs - 20
  }

  test('are slower while their capacity is less', () => {
    const events = [
      { kind: 'capacity', atMs: 1000, share: 0.25 },
      { kind: 'capacity', atMs: 5000, share: 1 },
    ] as const
    const usual = timeOf({})
    expect(timeOf({ events }, 1500)).toBeCloseTo(4 * usual, 6)
    expect(timeOf({ events }, 6000)).toBeCloseTo(usual, 6)
  })

  test('are slower in the periods of a noisy neighbour, until it leaves', () => {
    const events = [
      { kind: 'noisy-neighbour', atMs: 1000, untilMs: 50_000, everyMs: 10_000, lastsMs: 5000, slowdown: 3 },
    ] as const
    const usual = timeOf({})
    expect(timeOf({ events }, 11_000)).toBeCloseTo(3 * usual, 6)
    expect(timeOf({ events }, 7000)).toBeCloseTo(usual, 6)
    expect(timeOf({ events }, 51_000)).toBeCloseTo(usual, 6)
  })

  test('fail what they hold when they are lost, refuse while they are away, and come back', () => {
    const simulation = createSimulation({
      events: [
        { kind: 'replica-down', atMs: 100 },
        { kind: 'replica-up', atMs: 500 },
      ],
    })
    const lost = follow(simulation, { promptTokens: 100, outputTokens: 100 })
    simulation.clock.run(200)
    expect(lost.log.at(-1)).toEqual(['replica-down', 100])
    const refused = follow(simulation, short)
    expect(refused.log).toEqual([])
    simulation.clock.run(600)
    expect(refused.log).toEqual([['replica-down', 200]])
    const answered = follow(simulation, short)
    simulation.clock.run()
    expect(answered.log.at(-1)?.[0]).toBe('done')
  })

  test('share the requests, or get those that are sent to them, and reject what is too much', () => {
    const simulation = createSimulation({ replicas: 2, maxPendingRequests: 2 })
    const followed = Array.from({ length: 3 }, () => follow(simulation, short))
    expect(simulation.replicas().map(({ waiting }) => waiting)).toEqual([2, 1])
    const rejected = follow(simulation, { ...short, replica: 0 })
    simulation.clock.run()
    expect(rejected.log).toEqual([['rejected', 0]])
    for (const { log } of followed) expect(log.at(-1)?.[0]).toBe('done')
  })
})

test('a conversation finds its last turn in the cache, a shared beginning only that', () => {
  const simulation = createSimulation({ vllmVersion: '0.11.0' })
  const hitsOf = (request: SimulatedRequest) => {
    const before = simulation.replicas()[0]?.prefixCacheHits ?? 0
    follow(simulation, request)
    simulation.clock.run()
    return (simulation.replicas()[0]?.prefixCacheHits ?? 0) - before
  }
  expect(hitsOf({ promptTokens: 320, outputTokens: 161, prefix: 'talk' })).toBe(0)
  expect(hitsOf({ promptTokens: 600, outputTokens: 10, prefix: 'talk' })).toBe(480)
  expect(hitsOf({ promptTokens: 320, outputTokens: 10, prefix: 'system', prefixTokens: 100 })).toBe(0)
  expect(hitsOf({ promptTokens: 500, outputTokens: 10, prefix: 'system', prefixTokens: 100 })).toBe(96)
  expect(hitsOf({ promptTokens: 100, outputTokens: 10, prefix: [1, 2, 3] })).toBe(0)
  expect(hitsOf({ promptTokens: 100, outputTokens: 10, prefix: [1, 2, 4] })).toBe(32)
})

test.each<[SimulationOptions, RegExp]>([
  [{ replica: 2 } as SimulationOptions, /options must be an object with model, .* only; it is "replica"/],
  [{ replicas: 0 }, /replicas must be a whole number from 1/],
  [{ jitter: 1 }, /jitter must be a number from 0/],
  [{ maxPendingRequests: 0 }, /maxPendingRequests must be a number, 1 or more/],
  [{ model: 'mixtral-8x22b-it-v0.1' }, /mixtral-8x22b-it-v0\.1 cannot be served on a2-highgpu-2g/],
  [{ machine: 'nowhere' }, /machine is "nowhere"/],
  [{ gpu: 'a100-80gb', tensorParallelSize: 3 }, /tensorParallelSize is 3/],
  [{ events: [{ kind: 'replica-down', atMs: -1 }] }, /events\[0\]\.atMs must be milliseconds/],
  [{ events: [{ kind: 'replica-down', atMs: 1, replica: 1 }] }, /events\[0\]\.replica must be/],
  [{ events: [{ kind: 'capacity', atMs: 1, share: 0 }] }, /events\[0\]\.share must be a finite number above 0/],
  [{ events: [{ kind: 'capacity', atMs: 1, share: Number.POSITIVE_INFINITY }] }, /share must be a finite number/],
  [{ events: [{ kind: 'flood' as 'replica-up', atMs: 1 }] }, /events\[0\]\.kind must be one of capacity/],
])('%j is refused', (options, message) => {
  expect(() => createSimulation(options)).toThrow(message)
})

test.each<[Partial<SimulatedRequest>, RegExp]>([
  [{ promptTokens: 0 }, /promptTokens must be a whole number from 1 to \d+; it is 0/],
  [{ outputTokens: 1.5 }, /outputTokens must be a whole number/],
  [{ promptTokens: 10_000_000 }, /promptTokens must be/],
  [{ outputTokens: 10_000_000 }, /outputTokens must be .* room for/],
  [{ prefix: 'a', prefixTokens: 101 }, /prefixTokens must be/],
  [{ priority: Number.NaN }, /priority must be a finite number; it is NaN/],
  [{ replica: 1 }, /replica must be a whole number from 0 to 0/],
])('a request with %j is refused', (request, message) => {
  expect(() => createSimulation().submit({ ...short, ...request })).toThrow(message)
})
