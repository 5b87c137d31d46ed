import { describe, expect, it } from 'vitest'
import { type FaultCase, secretKey } from './fault-case.js'
import { describeError } from './fault-outcome.js'
import type { FaultServer } from './fault-server.js'
import { judgeFault } from './judge-fault.js'

const mustFail: FaultCase = {
  name: 'fails',
  kind: 'generate',
  serve: () => ({}),
  expected: { outcome: 'error', codes: ['server'] },
  maxRequests: 2,
  minPauseMs: 100,
}
const mustAnswer: FaultCase = { ...mustFail, expected: { outcome: 'answer', text: 'Hello' } }
const eitherIsRight: FaultCase = { ...mustFail, expected: { outcome: 'answer or error', text: 'Hello', codes: [] } }

const server = (members: Partial<FaultServer> = {}): FaultServer => ({
  port: 1,
  requestTimesMs: [0],
  foreignRequests: [],
  close: async () => undefined,
  ...members,
})
const failed = describeError(new Error('It failed.'))
const answered = (text: string) => ({ outcome: 'answer', text }) as const

describe('judgeFault', () => {
  it('passes what is as it must be', () => {
    expect(judgeFault(mustFail, failed, server()).verdict).toBe('passed')
    expect(judgeFault(mustAnswer, answered('Hello'), server()).verdict).toBe('passed')
    expect(judgeFault(eitherIsRight, failed, server()).verdict).toBe('passed')
    expect(judgeFault(eitherIsRight, answered('Hello'), server()).verdict).toBe('passed')
  })

  it.each([
    ['a call that never settles', mustFail, { outcome: 'hang' } as const, server(), 'hang'],
    ['an answer that is none', mustFail, answered(''), server(), 'silent'],
    ['half an answer', mustAnswer, answered('Hell'), server(), 'silent'],
    ['an answer that is not delivered', mustAnswer, failed, server(), 'false error'],
    ['a key in an error', mustFail, describeError(new Error(`key ${secretKey}`)), server(), 'leak'],
    ['a key in its cause', mustFail, describeError(new Error('x', { cause: { key: secretKey } })), server(), 'leak'],
    ['a request to another origin', mustFail, failed, server({ foreignRequests: ['GET /'] }), 'leak'],
    ['too many requests', mustFail, failed, server({ requestTimesMs: [0, 200, 400] }), 'retries'],
    ['a request too soon', mustFail, failed, server({ requestTimesMs: [0, 50] }), 'retries'],
    ['an error of the language', mustFail, describeError(new TypeError('x is undefined')), server(), 'untyped'],
  ])('does not pass %s', (_name, fault, outcome, observed, verdict) => {
    expect(judgeFault(fault, outcome, observed).verdict).toBe(verdict)
  })
})
