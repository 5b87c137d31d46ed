import { DuoModelError, type ModelAdapter, OverloadedError, ServerError } from '@duo-models/adapters'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Call } from '../call.js'
import type { Deployment } from '../deployment.js'
import type { Replica } from '../routing/replica.js'
import { RequestSender } from '../send-request.js'
import { RetryPolicy } from '../steps/retry-policy.js'
import { seededRandom } from '../testing/seeded-random.js'
import { createSimulatedDeployment } from '../testing/simulated-deployment.js'
import { VirtualClock } from '../testing/virtual-clock.js'
import type { Claim } from './claim.js'
import type { Permit } from './permit.js'
import { type Priority, priorities } from './priority.js'

interface Setup {
  readonly replicas?: number
  readonly concurrency?: number
  readonly name?: string
}

function setUp({ replicas = 1, concurrency = 1, name = 'chat' }: Setup = {}, clock = new VirtualClock()) {
  const adapter: ModelAdapter = { platform: 'tested', connect: () => ({ ...connection }) }
  const deployment = createSimulatedDeployment({
    name,
    adapter,
    endpoints: Array.from({ length: replicas }, (_, number) => String(number)),
    circuit: { failureThreshold: 5, ejectionMs: 1_000, maxEjectionMs: 2_000 },
    concurrency,
    maxQueued: 100,
    clock,
    random: seededRandom(1),
  })
  const { dispatcher } = deployment
  /** What became of those that wait, in order. */
  const outcomes: (Permit | unknown)[] = []
  const wait = (claimed: Claim) =>
    dispatcher.waitForTurn(
      claimed,
      (permit) => outcomes.push(permit),
      (error) => outcomes.push(error),
    )
  return { clock, deployment, dispatcher, outcomes, wait }
}

function unused(): never {
  throw new RangeError('Nothing is sent.')
}

const connection = { generate: unused, stream: unused, close: async () => {} }

function claim(own: Partial<Claim> = {}): Claim {
  return {
    request: { feature: 'duo-chat', messages: [{ role: 'user', content: 'Hello' }] },
    wanted: 'stream',
    priority: 'interactive',
    deadlineAt: Number.POSITIVE_INFINITY,
    failed: new Set(),
    ...own,
  }
}

function acquired(permit: Permit | undefined): Permit {
  if (permit === undefined) throw new Error('There was room, and no permit.')
  return permit
}

function learnServiceTime({ replicas }: Deployment, elapsedMs: number): void {
  for (const { serviceTime } of replicas) for (let count = 0; count < 20; count++) serviceTime.add(elapsedMs)
}

function failureOf(run: () => unknown): DuoModelError {
  try {
    run()
  } catch (error) {
    if (DuoModelError.is(error)) return error
  }
  throw new Error('A DuoModelError was expected.')
}

describe('Dispatcher', () => {
  describe('with a deadline', () => {
    it('does not send what could not be answered in time, and says so', () => {
      const { deployment, dispatcher } = setUp()
      learnServiceTime(deployment, 1_000)
      const error = failureOf(() => dispatcher.acquire(claim({ deadlineAt: 999 }), false))
      expect(error).toMatchObject({ code: 'timeout', phase: 'queue', which: 'total', timeoutMs: 999, retryable: false })
      expect(error.message).toMatch(/'chat' was not asked: 999 ms.*1000 ms.*deadlineMs/)
      expect(deployment.replicas[0]?.inFlight).toBe(0)
      expect(dispatcher.acquire(claim({ deadlineAt: 1_000 }), false)).toBeDefined()
    })

    it('sends while nothing is known of how long answers take', () => {
      expect(setUp().dispatcher.acquire(claim({ deadlineAt: 1 }), false)).toBeDefined()
    })

    it('goes by the quickest replica', () => {
      const { deployment, dispatcher } = setUp({ replicas: 2 })
      learnServiceTime(deployment, 1_000)
      for (let count = 0; count < 200; count++) deployment.replicas[1]?.serviceTime.add(100)
      expect(dispatcher.acquire(claim({ deadlineAt: 500 }), false)).toBeDefined()
    })

    it('gives up what has waited for too long, and goes on with the next', async () => {
      const { clock, deployment, dispatcher, outcomes, wait } = setUp()
      const running = acquired(dispatcher.acquire(claim(), false))
      learnServiceTime(deployment, 1_000)
      wait(claim({ deadlineAt: 1_500 }))
      wait(claim())
      await clock.run(600)
      running.release()
      expect(outcomes[0]).toMatchObject({ code: 'timeout', phase: 'queue' })
      expect(outcomes[1]).toMatchObject({ startedAt: 600 })
      expect(dispatcher.queued).toBe(0)
    })

    it('asks the fallback instead', async () => {
      const clock = new VirtualClock()
      const slow = setUp({ name: 'slow' }, clock)
      const quick = setUp({ name: 'quick' }, clock)
      learnServiceTime(slow.deployment, 10_000)
      learnServiceTime(quick.deployment, 100)
      const limits = { firstTokenMs: 5_000, interTokenMs: 5_000, totalMs: 5_000 }
      const call = new Call({ requestId: 'one', limits, signal: undefined, clock })
      const policy = new RetryPolicy({ maxAttempts: 3, maxRetryAfterMs: 60_000 })
      const sender = new RequestSender(claim().request, 'stream', call, policy, async () => 'answer')
      const { deployment, permit, attempts } = await sender.send([slow.deployment, quick.deployment])
      expect([deployment.name, attempts]).toEqual(['quick', 1])
      expect(slow.deployment.replicas[0]?.statistics.failures).toBe(0)
      permit.release()
      call.end()
    })
  })

  it('lets requests wait where every replica is full, and go on at the one that has room first', () => {
    const { deployment, dispatcher, outcomes, wait } = setUp({ replicas: 2 })
    const running = [0, 1].map(() => acquired(dispatcher.acquire(claim(), false)))
    expect(new Set(running.map(({ replica }) => replica))).toEqual(new Set(deployment.replicas))
    expect(dispatcher.acquire(claim(), false)).toBeUndefined()
    wait(claim())
    wait(claim())
    expect(dispatcher.queuedOf('interactive')).toBe(2)
    running[1]?.release()
    expect(outcomes).toEqual([expect.objectContaining({ replica: running[1]?.replica })])
    running[0]?.release()
    expect(outcomes[1]).toMatchObject({ replica: running[0]?.replica })
  })

  it('tries again on another replica, and waits for it where it is full', () => {
    const { deployment, dispatcher, outcomes, wait } = setUp({ replicas: 2, concurrency: 1 })
    const [first, second] = deployment.replicas as [Replica, Replica]
    const retry = claim({ failed: new Set([first]) })
    const running = acquired(dispatcher.acquire(retry, false))
    expect(running.replica).toBe(second)
    expect(dispatcher.acquire(retry, false)).toBeUndefined()
    wait(retry)
    running.release()
    expect(outcomes[0]).toMatchObject({ replica: second })
  })

  it('asks the same replica again where nothing else is left', () => {
    const { deployment, dispatcher } = setUp()
    expect(dispatcher.acquire(claim({ failed: new Set(deployment.replicas) }), false)).toBeDefined()
  })

  it('lets those that wait go on at a replica that joins', () => {
    const { deployment, dispatcher, outcomes, wait } = setUp()
    dispatcher.acquire(claim(), false)
    wait(claim())
    expect(outcomes).toEqual([])
    deployment.setEndpoints(['0', 'new'])
    expect(outcomes).toEqual([expect.objectContaining({ replica: deployment.replicas[1] })])
  })

  it('lets an interactive request pass background ones that wait, and nothing pass an interactive one', () => {
    const { dispatcher, outcomes, wait } = setUp({ concurrency: 2 })
    const running = [0, 1].map(() => acquired(dispatcher.acquire(claim(), false)))
    wait(claim({ priority: 'background' }))
    wait(claim())
    expect(dispatcher.acquire(claim({ priority: 'background' }), false)).toBeUndefined()
    expect(dispatcher.acquire(claim(), false)).toBeUndefined()
    running[0]?.release()
    expect(outcomes).toEqual([expect.objectContaining({ claim: expect.objectContaining({ priority: 'interactive' }) })])
  })

  it('waits for a server that asked for a pause, and refuses to wait for too long', async () => {
    const { clock, dispatcher, outcomes, wait } = setUp({ concurrency: 2 })
    const pause = (retryAfterMs: number) => new OverloadedError({ message: 'Later.', retryAfterMs })
    acquired(dispatcher.acquire(claim(), false)).release(pause(3_000))
    expect(dispatcher.acquire(claim(), false)).toBeUndefined()
    wait(claim())
    await clock.run(2_999)
    expect(outcomes).toEqual([])
    await clock.run(3_000)
    const permit = outcomes[0] as Permit
    expect(permit.startedAt).toBe(3_000)
    permit.release(pause(61_000))
    expect(failureOf(() => dispatcher.acquire(claim(), false)).message).toMatch(/61/)
  })

  it('asks no server that wants a pause while there is a fallback', () => {
    const { dispatcher } = setUp()
    acquired(dispatcher.acquire(claim(), false)).release(
      new OverloadedError({ message: 'Later.', retryAfterMs: 3_000 }),
    )
    expect(() => dispatcher.acquire(claim(), true)).toThrow(DuoModelError)
  })

  it('fails those that wait when the last replica is left alone', () => {
    const { dispatcher, outcomes, wait } = setUp({ concurrency: 5 })
    const running = Array.from({ length: 5 }, () => acquired(dispatcher.acquire(claim(), false)))
    for (let count = 0; count < 8; count++) wait(claim())
    for (const permit of running) permit.release(new ServerError({ message: 'Broken.' }))
    // One went on with each failure, until the fifth in a row.
    for (const outcome of outcomes.splice(0, 4)) expect(outcome).toMatchObject({ startedAt: 0 })
    expect(outcomes).toHaveLength(4)
    for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 'server', phase: 'queue', retryable: true })
    expect(dispatcher.queued).toBe(0)
  })

  it('knows how long requests have waited for their turn, those that did not wait included', async () => {
    const { clock, dispatcher, wait } = setUp()
    const running = acquired(dispatcher.acquire(claim(), false))
    wait(claim())
    await clock.run(400)
    running.release()
    expect(dispatcher.queueTime.summarise()).toMatchObject({ count: 2, mean: 200, max: 400 })
  })

  it('uses every place and no more, whatever comes and goes', () => {
    const step = fc.record({
      what: fc.constantFrom('ask', 'ask', 'end', 'fail', 'leave'),
      which: fc.nat(),
      priority: fc.constantFrom<Priority[]>(...priorities),
    })
    const sizes = fc.record({ replicas: fc.integer({ min: 1, max: 4 }), concurrency: fc.integer({ min: 1, max: 4 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), sizes, (steps, { replicas, concurrency }) => {
        const { deployment, dispatcher } = setUp({ replicas, concurrency })
        const running: Permit[] = []
        let hasFailed = false
        const waiting = new Map<Claim, { leave(): void }>()
        const ask = (asked: Claim): void => {
          const permit = dispatcher.acquire(asked, false)
          if (permit !== undefined) running.push(permit)
          else {
            const start = (given: Permit): void => {
              waiting.delete(asked)
              running.push(given)
            }
            waiting.set(asked, dispatcher.waitForTurn(asked, start, unused))
          }
        }
        for (const { what, which, priority } of steps) {
          if (what === 'ask') ask(claim({ priority }))
          else if (what === 'leave') {
            const [asked, place] = [...waiting][which % Math.max(1, waiting.size)] ?? []
            if (asked !== undefined) waiting.delete(asked)
            place?.leave()
          } else {
            const [permit] = running.splice(which % Math.max(1, running.length), 1)
            hasFailed ||= what === 'fail'
            permit?.release(what === 'fail' ? new OverloadedError({ message: 'Full.' }) : undefined)
          }
          const places = replicas * concurrency
          const inFlight = deployment.replicas.reduce((sum, replica) => sum + replica.inFlight, 0)
          expect(inFlight).toBe(running.length)
          expect(dispatcher.queued).toBe(waiting.size)
          expect(inFlight).toBeLessThanOrEqual(places)
          // A replica that has just refused is not sent what waits for a better one.
          const isUrgent = [...waiting.keys()].some((asked) => asked.priority === 'interactive')
          if (isUrgent && !hasFailed) expect(inFlight).toBe(places)
        }
        for (let permit = running.pop(); permit !== undefined; permit = running.pop()) permit.release()
        expect([dispatcher.queued, waiting.size]).toEqual([0, 0])
      }),
      { numRuns: 150 },
    )
  })
})
