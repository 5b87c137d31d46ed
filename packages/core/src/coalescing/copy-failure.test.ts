import { inspect } from 'node:util'
import { AllDeploymentsFailedError, DuoModelError, TimeoutError } from '@duo-models/adapters'
import { describe, expect, it } from 'vitest'
import { copyFailure } from './copy-failure.js'

const timeout = () =>
  new TimeoutError({
    message: 'No further token came.',
    which: 'inter-token',
    timeoutMs: 30,
    requestId: 'q-1',
    cause: new Error('stalled'),
  })

describe('copyFailure', () => {
  it('says all the failure says, in its class', () => {
    const failures = [
      timeout(),
      new AllDeploymentsFailedError({ message: 'All failed.', errors: [timeout()], attempts: 3 }),
    ]
    for (const failure of failures) {
      const copy = copyFailure(failure)
      expect(copy).not.toBe(failure)
      expect(copy.constructor).toBe(failure.constructor)
      expect(DuoModelError.is(copy, failure.code)).toBe(true)
      expect(copy.toJSON()).toEqual(failure.toJSON())
      expect(inspect(copy)).toBe(inspect(failure))
      expect(Object.keys(copy).sort()).toEqual(Object.keys(failure).sort())
      expect(copy.cause).toBe(failure.cause)
    }
  })

  it('does not show what is added to the other', () => {
    const failure = timeout()
    const copy = copyFailure(failure)
    copy.addContext({ deployment: 'chat', partial: { text: 'a', reasoning: '', toolCalls: [] } })
    expect([failure.deployment, failure.partial]).toEqual([undefined, undefined])
    expect(copy.partial?.text).toBe('a')
  })

  it('passes on an error of another copy of the package', () => {
    const foreign = Object.assign(new Error('elsewhere'), { code: 'server' }) as unknown as DuoModelError
    expect(copyFailure(foreign)).toBe(foreign)
  })
})
