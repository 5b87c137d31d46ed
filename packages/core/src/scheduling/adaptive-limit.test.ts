import {
  ConnectionError,
  type DuoModelError,
  OverloadedError,
  RateLimitError,
  TimeoutError,
} from '@duo-models/adapters'
import type { SimulatedRequest, SimulationOptions } from '@duo-models/emulator/simulation'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simulateThroughput, type ThroughputScenario } from '../testing/simulate-throughput.js'
import { SteppedServer } from '../testing/stepped-server.js'
import { AdaptiveLimit } from './adaptive-limit.js'
import type { LimitChange, LimitSlot, WantedAnswer } from './concurrency-limit.js'

const server: SimulationOptions = {
  machine: 'a2-highgpu-2g',
  model: 'mistral-7b-it-v0.3',
  vllmVersion: '0.11.0',
  jitter: 0.03,
}
const chats: readonly SimulatedRequest[] = Array.from({ length: 997 }, (_, index) => ({
  promptTokens: 200 + ((index * 37) % 400),
  outputTokens: 250 + ((index * 53) % 500),
}))

/** The limits of a run, a second each. */
async function limitsOf(scenario: Partial<ThroughputScenario>) {
  const result = await simulateThroughput({
    options: server,
    requests: chats,
    concurrency: 'adaptive',
    warmUpAnswers: 0,
    answers: 3_000,
    maxMs: 3_600_000,
    ...scenario,
  })
  return { ...result, limits: result.samples.map(({ limit }) => limit) }
}

function lastHalf(limits: readonly number[]): readonly number[] {
  return limits.slice(limits.length / 2)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

describe('AdaptiveLimit, in front of a simulated vLLM server', () => {
  it.each([8, 48, 128, 256])('finds that it runs %i requests at once', async (maxNumSeqs) => {
    const { limits, failed } = await limitsOf({
      options: { ...server, maxNumSeqs },
      answers: maxNumSeqs * 40,
      callers: 2 * maxNumSeqs + 32,
    })
    const found = lastHalf(limits)
    expect(Math.abs(mean(found) - maxNumSeqs)).toBeLessThanOrEqual(0.02 * maxNumSeqs)
    expect(Math.max(...found) - maxNumSeqs).toBeLessThanOrEqual(Math.max(1, maxNumSeqs / 64))
    expect(failed).toBe(0)
  })

  it.each([20, 100])('finds that it refuses more than %i, with few refusals', async (maxPendingRequests) => {
    const { limits, refused, failed } = await limitsOf({
      options: { ...server, maxPendingRequests },
      answers: maxPendingRequests * 40,
      callers: 2 * maxPendingRequests,
    })
    expect(new Set(lastHalf(limits))).toEqual(new Set([maxPendingRequests]))
    expect(refused).toBeLessThan(25)
    expect(failed).toBe(0)
  })

  it('ends where a small cache is enough for nearly all that run', async () => {
    const requests = chats.map(({ promptTokens }) => ({ promptTokens: promptTokens * 6, outputTokens: 1_500 }))
    const options = { ...server, gpuMemoryUtilization: 0.3, enablePrefixCaching: false }
    const scenario = { options, requests, answers: 600, callers: 100 }
    const found = await limitsOf(scenario)
    const preemptions = found.samples.map((sample) => sample.preemptions)
    const middle = preemptions[Math.floor(preemptions.length / 2)] ?? 0
    // From time to time it tries one more, and some are put aside.
    expect((preemptions.at(-1) ?? 0) - middle).toBeLessThan(0.35 * 300)
    const unlimited = await limitsOf({ ...scenario, concurrency: 100 })
    expect(preemptions.at(-1)).toBeLessThan((unlimited.samples.at(-1)?.preemptions ?? 0) / 10)
    expect(found.outputTokensPerSecond).toBeGreaterThan(1.4 * unlimited.outputTokensPerSecond)
  })

  it('does not grow while it is not what holds requests back', async () => {
    const { limits } = await limitsOf({ callers: 10, answers: 600 })
    expect(new Set(limits)).toEqual(new Set([16]))
  })

  it('comes back after a server was lost with all it held', async () => {
    const options: SimulationOptions = {
      ...server,
      maxNumSeqs: 64,
      events: [
        { kind: 'replica-down', atMs: 60_000 },
        { kind: 'replica-up', atMs: 70_000 },
      ],
    }
    const { limits } = await limitsOf({ options, callers: 200, answers: 2_500 })
    expect(Math.abs(mean(lastHalf(limits)) - 64)).toBeLessThanOrEqual(2)
  })
})

describe('AdaptiveLimit, in front of a server whose room changes', () => {
  it.each([
    { refuses: false, fewer: 50 },
    { refuses: true, fewer: 30 },
  ])('follows it down to $fewer and up again; the server refuses: $refuses', ({ refuses, fewer }) => {
    const limit = new AdaptiveLimit({ max: 1_024 })
    const stepped = new SteppedServer({ limit, places: 60, refuses })
    for (const places of [60, fewer, 90]) {
      stepped.places = places
      stepped.run(30_000)
      expect(Math.abs(limit.value - places)).toBeLessThanOrEqual(2)
    }
  })

  it('lets whole answers grow until the server reports a queue', () => {
    const limit = new AdaptiveLimit({ max: 1_024 })
    const stepped = new SteppedServer({ limit, places: 50, wanted: 'whole', reportsQueue: true })
    stepped.run(20_000)
    expect(limit.value).toBeGreaterThanOrEqual(47)
    expect(limit.value).toBeLessThanOrEqual(54)
  })

  it('lets whole answers grow until the server refuses', () => {
    const limit = new AdaptiveLimit({ max: 1_024 })
    const stepped = new SteppedServer({ limit, places: 50, wanted: 'whole', refuses: true })
    stepped.run(20_000)
    expect(limit.value).toBeGreaterThanOrEqual(49)
    expect(limit.value).toBeLessThanOrEqual(51)
    expect(stepped.refused).toBeLessThan(40)
  })

  it.each(['stream', 'whole'] as const)(
    'grows again after a refusal that said nothing about how many: %s',
    (wanted) => {
      const limit = new AdaptiveLimit({ max: 1_024 })
      limit.end(limit.begin(wanted, 0), new OverloadedError({ message: 'Full.' }), 0)
      expect(limit.value).toBe(1)
      const stepped = new SteppedServer({ limit, places: 60, wanted, reportsQueue: true })
      stepped.run(60_000)
      expect(Math.abs(limit.value - 60)).toBeLessThanOrEqual(4)
    },
  )

  it('does not take requests on their way for running ones, because no report counts them yet', () => {
    const limit = new AdaptiveLimit({ max: 1_024, initial: 40 })
    const slots = Array.from({ length: 40 }, () => limit.begin('stream', 0))
    const running = slots.slice(0, 6)
    for (const slot of running) limit.firstToken(slot, 20)
    // The reports are from moments at which 14 of the 40 had arrived.
    for (let reports = 0; reports < 4; reports++) limit.reportWaiting(8)
    for (let now = 40; now <= 2_000 && limit.phase === 'ramp'; now += 20) {
      limit.countContent(running.length)
      limit.end(limit.begin('whole', now), undefined, now)
    }
    expect(limit.phase).toBe('hold')
    expect(limit.value).toBeLessThanOrEqual(7)
  })

  it('takes no queue for one that stands where the server reports between its requests that nobody waits', () => {
    const limit = new AdaptiveLimit({ max: 1_024, initial: 40 })
    const slots = Array.from({ length: 40 }, () => limit.begin('whole', 0))
    const answer = (waiting: number, now: number): void => {
      limit.reportWaiting(waiting)
      limit.end(slots.shift() as LimitSlot, undefined, now)
      while (limit.hasRoom) slots.push(limit.begin('whole', now))
    }
    for (let answers = 1; answers < 200; answers++) answer(answers % 4 === 0 ? 0 : 30, answers * 250)
    expect(limit.value).toBeGreaterThanOrEqual(40)
    const before = limit.value
    for (let answers = 0; answers < 8; answers++) answer(20, 50_000 + answers * 250)
    expect(limit.value).toBeLessThanOrEqual(before - 10)
  })

  it('sees a queue that stands although many answers end, and probes begin, between two reports of it', () => {
    const limit = new AdaptiveLimit({ max: 1_024, initial: 200 })
    const slots = Array.from({ length: 200 }, () => limit.begin('whole', 0))
    for (let answers = 1; answers <= 600; answers++) {
      const now = answers * 10
      if (answers % 100 === 0) limit.reportWaiting(150)
      limit.end(slots.shift() as LimitSlot, undefined, now)
      while (limit.hasRoom) slots.push(limit.begin('whole', now))
    }
    // One finding lowers it by half at most.
    expect(limit.value).toBeLessThanOrEqual(110)
  })

  it('counts whole answers beside streams among what a server runs', () => {
    const limit = new AdaptiveLimit({ max: 1_024 })
    const stepped = new SteppedServer({ limit, places: 60, wanted: 'mixed' })
    stepped.run(20_000)
    expect(Math.abs(limit.value - 60)).toBeLessThanOrEqual(6)
  })

  it.each([6, 14, 60, 110])('finds %i places by whole answers that may be fetched as streams', (places) => {
    const limit = new AdaptiveLimit({ max: 1_024 })
    const stepped = new SteppedServer({ limit, places, wanted: 'either' })
    stepped.run(30_000)
    expect(Math.abs(limit.value - places)).toBeLessThanOrEqual(Math.max(1, places * 0.06))
  })

  it('has whole answers fetched as streams only where they tell something, and cost little', () => {
    const kinds = (limit: AdaptiveLimit, count: number) =>
      Array.from({ length: count }, () => limit.begin('either', 0).kind)
    const few = new AdaptiveLimit({ max: 1_024 })
    expect(kinds(few, 4)).toEqual(Array(4).fill('whole'))
    // Nothing is known of this server yet.
    expect(kinds(few, 2)).toEqual(['stream', 'stream'])
    const known = new AdaptiveLimit({ max: 1_024, initial: 128 })
    const busy = new SteppedServer({ limit: known, places: 200, callers: 100 })
    busy.run(2_000)
    expect(known.value).toBe(128)
    expect(kinds(known, 2)).toEqual(['whole', 'whole'])
    expect(kinds(known, known.value - known.inFlight).at(-1)).toBe('stream')
    const high = new AdaptiveLimit({ max: 1_024, initial: 129 })
    expect(new Set(kinds(high, 129))).toEqual(new Set(['whole']))
  })

  it('stays at the highest limit where the server would take more', () => {
    const limit = new AdaptiveLimit({ max: 40 })
    const stepped = new SteppedServer({ limit, places: 1_000 })
    stepped.run(5_000)
    expect(limit.value).toBe(40)
    expect(stepped.mostUnderWay).toBe(40)
  })

  it('tells what it has found and why, and none of the steps on the way there', () => {
    const limit = new AdaptiveLimit({ max: 1_024 })
    const changes: LimitChange[] = []
    limit.onChange = (change) => changes.push(change)
    const stepped = new SteppedServer({ limit, places: 60 })
    stepped.run(8_000)
    expect(changes[0]?.reason).toBe('server-full')
    expect(changes.length).toBeLessThan(12)
    stepped.places = 90
    stepped.run(20_000)
    expect(changes.map(({ reason }) => reason)).toContain('probe-accepted')
    for (const { limit: value, previous, reason } of changes) {
      if (reason === 'probe-accepted') expect(value).toBeGreaterThan(previous)
      if (reason === 'longer-waits') expect(value).toBeLessThan(previous)
    }
  })
})

/** Streams that run: their first tokens are here, and each gets a token every 20 ms. */
function runStreams(count: number, initial: number) {
  const limit = new AdaptiveLimit({ max: 1_024, initial })
  const running: LimitSlot[] = []
  let now = 0
  const write = (steps: number): void => {
    for (let step = 0; step < steps; step++) {
      now += 20
      limit.countContent(running.length)
    }
  }
  const begin = (): LimitSlot => limit.begin('stream', now)
  const firstToken = (slot: LimitSlot): void => {
    limit.firstToken(slot, now)
    running.push(slot)
  }
  const endOldest = (): void => limit.end(running.shift() as LimitSlot, undefined, now)
  for (let begun = 0; begun < count; begun++) {
    const slot = begin()
    write(2)
    firstToken(slot)
  }
  return { limit, begin, firstToken, endOldest, write }
}

describe('AdaptiveLimit, where prompts wait to be read', () => {
  it('keeps some of them in line: half of those that wait, where those are many', () => {
    const { limit, begin, write } = runStreams(30, 38)
    for (let count = 0; count < 8; count++) begin()
    write(100)
    expect(limit.phase).toBe('ramp')
    begin()
    expect(limit.phase).toBe('hold')
    expect(limit.value).toBe(34)
  })

  it('learns nothing of what waits are normal from those before the limit fell', () => {
    const { limit, begin, firstToken, endOldest, write } = runStreams(12, 20)
    const late = Array.from({ length: 9 }, begin)
    write(100)
    endOldest()
    const before = limit.value
    for (const slot of late) firstToken(slot)
    while (limit.inFlight >= limit.value) endOldest()
    // A wait of two seconds is still a long one: sixteen of them in a row make the limit fall.
    for (let count = 0; count < 40; count++) {
      const slot = begin()
      write(100)
      firstToken(slot)
      endOldest()
    }
    expect(limit.value).toBeLessThan(before)
  })
})

describe('AdaptiveLimit, told of failures', () => {
  const cases: readonly [DuoModelError, LimitChange['reason']][] = [
    [new OverloadedError({ message: 'Full.' }), 'refused'],
    [new RateLimitError({ message: 'Slower.' }), 'refused'],
    [new TimeoutError({ message: 'Late.', which: 'first-token', phase: 'first-token' }), 'first-token-timeout'],
    [new ConnectionError({ message: 'Gone.' }), 'capacity-lost'],
  ]

  it.each(cases)('says which of them set it: %s', (failure, reason) => {
    const limit = new AdaptiveLimit({ max: 100, initial: 20 })
    const changes: LimitChange[] = []
    const slots = Array.from({ length: 20 }, () => limit.begin('stream', 0))
    limit.end(limit.begin('stream', 0), new OverloadedError({ message: 'Full.' }), 1)
    limit.onChange = (change) => changes.push(change)
    limit.end(slots[0] as LimitSlot, failure, 2)
    expect(changes.map((change) => change.reason)).toEqual([reason])
    expect(changes[0]?.limit).toBe(limit.value)
  })

  it('learns nothing from a first token of a request that is over', () => {
    const limit = new AdaptiveLimit({ max: 100, initial: 2 })
    const [over, next] = [limit.begin('stream', 0), limit.begin('stream', 0)]
    limit.end(over, undefined, 10)
    limit.firstToken(over, 20)
    expect([limit.inFlight, limit.awaited, limit.value]).toEqual([1, 1, 2])
    limit.firstToken(next, 30)
    expect([limit.inFlight, limit.awaited]).toEqual([1, 0])
  })

  it('falls when streams stand still', () => {
    const limit = new AdaptiveLimit({ max: 100, initial: 20 })
    for (let count = 0; count < 20; count++) limit.begin('stream', 0)
    limit.reportStall()
    expect(limit.value).toBe(20)
    limit.reportStall()
    expect(limit.value).toBe(18)
  })

  it('falls no further for streams that stand still before the lower limit takes effect', () => {
    const limit = new AdaptiveLimit({ max: 100, initial: 20 })
    const slots = Array.from({ length: 20 }, () => limit.begin('stream', 0))
    for (let stalls = 0; stalls < 10; stalls++) limit.reportStall()
    expect(limit.value).toBe(18)
    for (const slot of slots.slice(0, 2)) limit.end(slot, undefined, 1)
    for (let stalls = 0; stalls < 10; stalls++) limit.reportStall()
    expect(limit.value).toBe(16)
  })
})

type Step =
  | { readonly kind: 'begin'; readonly wanted: WantedAnswer }
  | { readonly kind: 'token' | 'end'; readonly which: number; readonly failure: number }
  | { readonly kind: 'content' | 'waiting' | 'pass'; readonly count: number }
  | { readonly kind: 'stall' }

const failures: readonly (DuoModelError | undefined)[] = [
  undefined,
  undefined,
  new OverloadedError({ message: 'Full.' }),
  new RateLimitError({ message: 'Slower.' }),
  new ConnectionError({ message: 'Gone.' }),
  new TimeoutError({ message: 'Late.', which: 'first-token', phase: 'first-token' }),
  new TimeoutError({ message: 'Late.', which: 'total' }),
]

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('begin' as const),
        wanted: fc.constantFrom('stream', 'whole', 'either'),
      }) satisfies fc.Arbitrary<Step>,
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom('token' as const, 'end' as const),
        which: fc.nat(),
        failure: fc.nat({ max: failures.length - 1 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('content' as const, 'waiting' as const, 'pass' as const),
        count: fc.nat({ max: 400 }),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'stall' as const }) },
  ),
  { minLength: 50, maxLength: 500 },
)

describe('AdaptiveLimit, whatever happens', () => {
  it('counts what is under way, and stays between 1 and the highest limit', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 40 }), (all, max, initial) => {
        const limit = new AdaptiveLimit({ max, initial })
        const awaited = new Set<LimitSlot>()
        const underWay: LimitSlot[] = []
        let now = 0
        const apply = (step: Step): void => {
          switch (step.kind) {
            case 'begin': {
              const slot = limit.begin(step.wanted, now)
              if (step.wanted !== 'either') expect(slot.kind).toBe(step.wanted)
              underWay.push(slot)
              if (slot.kind === 'stream') awaited.add(slot)
              return
            }
            case 'token': {
              const slot = underWay[step.which % Math.max(1, underWay.length)]
              if (slot?.kind === 'stream') limit.firstToken(slot, now)
              if (slot !== undefined) awaited.delete(slot)
              return
            }
            case 'end': {
              const [slot] = underWay.splice(step.which % Math.max(1, underWay.length), 1)
              if (slot === undefined) return
              awaited.delete(slot)
              limit.end(slot, failures[step.failure], now)
              return
            }
            case 'content':
              limit.countContent(step.count)
              return
            case 'waiting':
              limit.reportWaiting(step.count)
              return
            case 'pass':
              now += step.count
              return
            case 'stall':
              limit.reportStall()
          }
        }
        const check = (): void => {
          expect(limit.inFlight).toBe(underWay.length)
          expect(limit.awaited).toBe(awaited.size)
          expect(Number.isInteger(limit.value)).toBe(true)
          expect(limit.value).toBeGreaterThanOrEqual(1)
          expect(limit.value).toBeLessThanOrEqual(max)
          expect(limit.hasRoom).toBe(underWay.length < limit.value)
          expect(limit.stallMs).toBeGreaterThanOrEqual(250)
        }
        for (const step of all) {
          apply(step)
          check()
        }
        while (underWay.length > 0) apply({ kind: 'end', which: 0, failure: 0 })
        check()
        expect(limit.hasRoom).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
