import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AllDeploymentsFailedError } from './all-deployments-failed-error.js'
import { CompatibilityError } from './compatibility-error.js'
import { ContextLengthError } from './context-length-error.js'
import { DuoModelError } from './duo-model-error.js'
import { RateLimitError } from './rate-limit-error.js'
import { StreamInterruptedError } from './stream-interrupted-error.js'
import { TimeoutError } from './timeout-error.js'

describe('DuoModelError', () => {
  it('is recognised by code, and only then', () => {
    const error: unknown = new ContextLengthError({ message: 'too long', maxModelLength: 10 })
    expect(DuoModelError.is(error)).toBe(true)
    expect(DuoModelError.is(error, 'timeout')).toBe(false)
    expect(DuoModelError.is(error, 'context-length') && error.maxModelLength).toBe(10)
    expect(
      [null, undefined, 'x', {}, new Error('x'), { code: 'timeout' }].map((value) => DuoModelError.is(value)),
    ).not.toContain(true)
  })

  it('is recognised when another copy of the package made it', () => {
    const foreign = Object.assign(new Error('x'), { code: 'rate-limit', [Symbol.for('duo-models.error')]: true })
    expect(DuoModelError.is(foreign, 'rate-limit')).toBe(true)
  })

  it('has the name of its class, in the stack too', () => {
    const error = new RateLimitError({ message: 'slow down' })
    expect([error.name, error.code, error.retryable, error.phase]).toEqual([
      'RateLimitError',
      'rate-limit',
      true,
      'response',
    ])
    expect(error.stack).toMatch(/^RateLimitError: slow down/)
  })

  it('shows sizes instead of content', () => {
    const partial = { text: 'secret code', reasoning: 'secret thought', toolCalls: [], usage: { inputTokens: 1 } }
    const error = new StreamInterruptedError({ message: 'cut', partial })
    expect(error.partial).toBe(partial)
    expect(error.toJSON()).toMatchObject({ partial: { textLength: 11, reasoningLength: 14, toolCalls: 0 } })
    expect(
      `${JSON.stringify(error)} ${inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })}`,
    ).not.toContain('secret')
  })

  it('escapes control characters and masks what looks like a credential', () => {
    const message = 'got \u001b[2J "Bearer sk-abc123" from http://user:pass@host/v1 with api-key: abcdef'
    const error = new RateLimitError({ message })
    expect(error.message).toBe(
      'got \\u001b[2J "Bearer [redacted]" from http://[redacted]@host/v1 with api-key: [redacted]',
    )
  })

  it('keeps a clean copy of its cause', () => {
    const inner = Object.assign(new Error('Bearer sk-inner'), {
      code: 'ECONNRESET',
      headers: { authorization: 'Bearer sk-inner' },
    })
    const error = new RateLimitError({ message: 'x', cause: new Error('outer', { cause: inner }) })
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY })).not.toContain('sk-inner')
    expect(error.toJSON().cause).toMatchObject({ message: 'outer', cause: { code: 'ECONNRESET' } })
  })

  it('survives a cause that is its own cause', () => {
    const loop = new Error('loop')
    loop.cause = loop
    expect(JSON.stringify(new RateLimitError({ message: 'x', cause: loop }))).toContain('loop')
  })

  it('carries the details of its class', () => {
    const timeout = new TimeoutError({ message: 'x', which: 'first-token', timeoutMs: 5 })
    expect(timeout.toJSON()).toMatchObject({
      which: 'first-token',
      timeoutMs: 5,
      phase: 'first-token',
      retryable: true,
    })
    const all = new AllDeploymentsFailedError({ message: 'x', errors: [timeout, new Error('Bearer sk-other')] })
    expect(all.toJSON()).toMatchObject({ attempts: 2, errors: [{ code: 'timeout' }, { message: 'Bearer [redacted]' }] })
    const report = {
      ok: false,
      verdict: 'incompatible',
      findings: [{ rule: 'r', severity: 'error', path: '/a', message: 'm', more: 1 }],
    }
    const compatibility = new CompatibilityError({ message: 'x', report })
    expect(compatibility.report).toBe(report)
    expect(compatibility.toJSON()).toMatchObject({ report: { verdict: 'incompatible', findings: [{ rule: 'r' }] } })
  })
})
