import {
  AuthenticationError,
  ConnectionError,
  type DuoModelError,
  InvalidRequestError,
  RateLimitError,
  TimeoutError,
} from '@duo-models/adapters'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Circuit } from './circuit.js'
import { setSharedCause } from './shared-cause.js'

const settings = { failureThreshold: 3, ejectionMs: 1_000, maxEjectionMs: 30_000 }
const down = new ConnectionError({ message: 'Nobody listens.' })

function circuit(random = () => 1): Circuit {
  return new Circuit(settings, random)
}

function failTimes(subject: Circuit, times: number, now: number, error: DuoModelError = down): void {
  for (let time = 0; time < times; time += 1) subject.fail(subject.admit(), error, now, now)
}

/** A failure that shares its cause with all of the same number; 0 for one by itself. */
function failureOf(
  cause: number,
  causes: Map<number, object>,
  error: DuoModelError = new ConnectionError({ message: 'It broke.' }),
): DuoModelError {
  if (cause === 0) return error
  const known = causes.get(cause) ?? {}
  causes.set(cause, known)
  setSharedCause(error, known)
  return error
}

describe('Circuit', () => {
  it('opens on failures in a row, and remembers since when and why', () => {
    const subject = circuit()
    failTimes(subject, 2, 100)
    expect(subject.state).toBe('closed')
    failTimes(subject, 1, 300)
    expect(subject).toMatchObject({ state: 'open', failingSince: 100, lastFailure: down })
    expect(subject.isAvailable(301)).toBe(false)
  })

  it('stays closed where an answer comes between the failures', () => {
    const subject = circuit()
    for (let round = 0; round < 10; round += 1) {
      failTimes(subject, 2, round)
      subject.succeed(subject.admit(), round)
    }
    expect(subject.state).toBe('closed')
  })

  it('counts what has one cause once, however many it ends and in whichever order', () => {
    const threshold = fc.integer({ min: 1, max: 6 })
    // The cause of each failure; 0 for one by itself.
    const causesOfFailures = fc.array(fc.nat(4), { maxLength: 40 })
    fc.assert(
      fc.property(threshold, causesOfFailures, (failureThreshold, failures) => {
        const subject = new Circuit({ ...settings, failureThreshold }, () => 1)
        const causes = new Map<number, object>()
        const admitted = failures.map((cause) => ({ cause, period: subject.admit() }))
        for (const { cause, period } of admitted) subject.fail(period, failureOf(cause, causes), 0, 0)
        const counted = failures.filter((cause) => cause === 0).length + causes.size
        expect(subject.state).toBe(counted >= failureThreshold ? 'open' : 'closed')
        expect(subject.errorLoad(0)).toBe(5 * Math.min(counted, failureThreshold))
      }),
    )
  })

  it('counts a refusal of many at once as one error', () => {
    const subject = circuit()
    const causes = new Map<number, object>()
    for (let time = 0; time < 16; time += 1)
      subject.fail(subject.admit(), failureOf(1, causes, new AuthenticationError({ message: 'no' })), 0, 0)
    expect(subject.errorLoad(0)).toBe(5)
    failTimes(subject, 1, 0, new AuthenticationError({ message: 'no' }))
    expect(subject.errorLoad(0)).toBe(10)
  })

  it('does not count what is not the fault of the replica', () => {
    const subject = circuit()
    failTimes(subject, 50, 0, new InvalidRequestError({ message: 'no' }))
    failTimes(subject, 50, 0, new RateLimitError({ message: 'slower', retryAfterMs: 1_000 }))
    expect(subject.state).toBe('closed')
    expect(subject.errorLoad(0)).toBe(0)
  })

  it('does not count a slow answer of a replica that answers others meanwhile', () => {
    const subject = circuit()
    const slow = new TimeoutError({ message: 'slow', which: 'first-token', timeoutMs: 1_000 })
    for (let round = 0; round < 9; round += 1) {
      const period = subject.admit()
      subject.answer(subject.admit(), round * 2_000 + 500)
      subject.fail(period, slow, round * 2_000, round * 2_000 + 1_000)
    }
    expect(subject.state).toBe('closed')
    for (let round = 0; round < 3; round += 1) subject.fail(subject.admit(), slow, 50_000, 51_000)
    expect(subject.state).toBe('open')
  })

  it('lets exactly one request through, again after it was given up, and closes with its answer', () => {
    const subject = circuit()
    failTimes(subject, 3, 0)
    expect(subject.isAvailable(999)).toBe(false)
    expect(subject.isAvailable(1_000)).toBe(true)
    const givenUp = subject.admit()
    expect(subject.state).toBe('half-open')
    expect(subject.isAvailable(5_000)).toBe(false)
    subject.cancel(givenUp)
    expect(subject.isAvailable(5_000)).toBe(true)
    const probe = subject.admit()
    subject.answer(probe, 5_100)
    expect(subject.state).toBe('closed')
  })

  it('waits twice as long after each failed probe, up to the longest pause', () => {
    const subject = circuit()
    failTimes(subject, 3, 0)
    const pauses = [subject.probeAt]
    for (let round = 0; round < 7; round += 1) {
      const now = subject.probeAt
      failTimes(subject, 1, now)
      pauses.push(subject.probeAt - now)
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })

  it('goes on from the pause it had when a replica fails soon after it came back, and not later', () => {
    const subject = circuit()
    failTimes(subject, 3, 0)
    subject.succeed(subject.admit(), 1_000)
    failTimes(subject, 3, 2_000)
    expect(subject.probeAt).toBe(4_000)
    subject.succeed(subject.admit(), 4_000)
    failTimes(subject, 3, 100_000)
    expect(subject.probeAt).toBe(101_000)
  })

  it('never probes before the server allows it', () => {
    const subject = circuit()
    failTimes(subject, 3, 0, new ConnectionError({ message: 'later', retryAfterMs: 20_000 }))
    expect(subject.probeAt).toBe(20_000)
  })

  it('is not moved by requests from before it opened', () => {
    const subject = circuit()
    const old = [subject.admit(), subject.admit(), subject.admit()] as const
    failTimes(subject, 3, 0)
    subject.succeed(old[0], 10)
    expect(subject.state).toBe('open')
    subject.fail(old[1], down, 0, 500)
    expect(subject.probeAt).toBe(1_000)
    const probe = subject.admit()
    subject.fail(old[2], down, 0, 1_100)
    expect(subject.state).toBe('half-open')
    subject.succeed(probe, 1_200)
    expect(subject.state).toBe('closed')
  })

  it('lets load grow by one request per answer after it came back', () => {
    const subject = circuit()
    failTimes(subject, 3, 0)
    const period = subject.answer(subject.admit(), 1_000)
    expect([subject.hasRoom(0), subject.hasRoom(1)]).toEqual([true, false])
    for (let answer = 0; answer < 7; answer += 1) subject.answer(period, 1_001)
    expect([subject.hasRoom(7), subject.hasRoom(8)]).toEqual([true, false])
    for (let answer = 0; answer < 60; answer += 1) subject.answer(period, 1_002)
    expect(subject.hasRoom(1_000_000)).toBe(true)
  })

  it('counts recent errors as load, which fades', () => {
    const subject = new Circuit({ ...settings, failureThreshold: Number.POSITIVE_INFINITY }, () => 1)
    failTimes(subject, 4, 0)
    expect(subject.state).toBe('closed')
    expect(subject.errorLoad(0)).toBe(20)
    expect(subject.errorLoad(10_000)).toBeLessThan(8)
    expect(subject.errorLoad(200_000)).toBe(0)
  })

  it('opens on failed health checks as on failed requests, and on both together', () => {
    const subject = circuit()
    subject.hearUnhealthy(down, 100, 110)
    failTimes(subject, 1, 200)
    expect(subject.state).toBe('closed')
    subject.hearUnhealthy(down, 300, 310)
    expect(subject).toMatchObject({ state: 'open', failingSince: 110, lastFailure: down })
    expect(subject.errorLoad(310)).toBeGreaterThan(10)
  })

  it('does not count a failed health check of a replica that answers requests meanwhile', () => {
    const subject = circuit()
    for (let round = 0; round < 9; round += 1) {
      subject.answer(subject.admit(), round * 100 + 50)
      subject.hearUnhealthy(down, round * 100, round * 100 + 60)
    }
    expect(subject).toMatchObject({ state: 'closed', lastFailure: undefined })
  })

  it('is not moved by a good health check between failing requests: they have to be answered', () => {
    const subject = circuit()
    for (const now of [1, 2]) {
      failTimes(subject, 1, now)
      subject.hearHealthy(now)
    }
    failTimes(subject, 1, 3)
    expect(subject.state).toBe('open')
  })

  it('forgets failed checks with a good one', () => {
    const subject = circuit()
    for (const now of [10, 20, 30, 40]) {
      subject.hearUnhealthy(down, now, now)
      subject.hearUnhealthy(down, now + 1, now + 1)
      subject.hearHealthy(now + 2)
    }
    expect(subject.state).toBe('closed')
  })

  it('lets no request find out while health checks do', () => {
    const subject = circuit()
    subject.isGuarded = true
    expect(subject.isAvailable(0)).toBe(true)
    failTimes(subject, 3, 0)
    expect(subject.isAvailable(1_000_000)).toBe(false)
    subject.isGuarded = false
    expect(subject.isAvailable(1_000_000)).toBe(true)
  })

  it('takes a replica back on trial when it says that it is healthy: one failure opens the circuit again, for longer', () => {
    const changes: string[] = []
    const subject = circuit()
    subject.onChange = (state) => changes.push(state)
    failTimes(subject, 3, 0)
    subject.hearHealthy(1_000)
    expect(subject.state).toBe('closed')
    expect([subject.hasRoom(0), subject.hasRoom(1)]).toEqual([true, false])
    failTimes(subject, 1, 1_100)
    expect(subject).toMatchObject({ state: 'open', probeAt: 3_100, failingSince: 0 })
    subject.hearHealthy(3_100)
    subject.succeed(subject.admit(), 3_200)
    failTimes(subject, 2, 3_300)
    expect(subject.state).toBe('closed')
    expect(changes).toEqual(['open', 'closed', 'open', 'closed'])
  })

  it('is not moved by the probe that was under way when the server said that it is healthy', () => {
    const subject = circuit()
    failTimes(subject, 3, 0)
    const probe = subject.admit()
    subject.hearHealthy(1_500)
    subject.fail(probe, down, 1_000, 1_600)
    expect(subject.state).toBe('closed')
  })

  it('begins gently where it is told to', () => {
    const subject = circuit()
    subject.startGently()
    expect([subject.hasRoom(0), subject.hasRoom(1)]).toEqual([true, false])
    for (let answer = 0; answer < 64; answer += 1) subject.succeed(subject.admit(), answer)
    expect(subject.hasRoom(1_000_000)).toBe(true)
  })

  it('has at most one probe under way, and never waits longer than the longest pause, in any order of events', () => {
    const kinds = ['send', 'answer', 'fail', 'cancel', 'healthy', 'unhealthy', 'guard'] as const
    const event = fc.record({ kind: fc.constantFrom(...kinds), waitMs: fc.nat(20_000) })
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 200 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (events, share) => {
          const subject = circuit(() => share)
          const underWay: { period: number; isProbe: boolean; startedAt: number }[] = []
          let now = 0
          for (const { kind, waitMs } of events) {
            now += waitMs
            if (kind === 'healthy') {
              subject.hearHealthy(now)
              expect(subject.state).toBe('closed')
            } else if (kind === 'unhealthy') {
              const { state } = subject
              subject.hearUnhealthy(down, now - waitMs, now)
              if (state !== 'closed') expect(subject.state).toBe(state)
            } else if (kind === 'guard') {
              subject.isGuarded = !subject.isGuarded
            } else if (kind === 'send') {
              if (!subject.isAvailable(now)) continue
              const isProbe = subject.state === 'open'
              expect(isProbe && subject.isGuarded).toBe(false)
              const period = subject.admit()
              underWay.push({ period, isProbe, startedAt: now })
              if (isProbe) expect(subject.isAvailable(now + 1_000_000)).toBe(false)
            } else {
              const first = underWay.shift()
              if (first === undefined) continue
              if (kind === 'answer') subject.succeed(first.period, now)
              else if (kind === 'cancel') subject.cancel(first.period)
              else subject.fail(first.period, down, first.startedAt, now)
            }
            if (subject.state === 'open') expect(subject.probeAt - now).toBeLessThanOrEqual(settings.maxEjectionMs)
          }
        },
      ),
    )
  })
})
