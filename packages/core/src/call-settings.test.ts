import { ConfigurationError } from '@duo-models/adapters'
import { describe, expect, it } from 'vitest'
import { readCallOptions } from './call-settings.js'
import type { CallOptions } from './duo-model-client.js'

describe('readCallOptions', () => {
  it('takes what is right', () => {
    const { signal } = new AbortController()
    expect(readCallOptions({ signal, priority: 'background', deadlineMs: 0.5 })).toEqual({
      signal,
      priority: 'background',
      deadlineMs: 0.5,
    })
    expect(readCallOptions({ deadlineMs: Number.POSITIVE_INFINITY }).deadlineMs).toBe(Number.POSITIVE_INFINITY)
    expect(readCallOptions({})).toEqual({ signal: undefined, priority: undefined, deadlineMs: undefined })
  })

  const wrong: readonly [string, unknown, RegExp][] = [
    ['priority', 'urgent', /'interactive', 'background'.*urgent/],
    ['priority', null, /priority/],
    ['priority', 1, /priority/],
    ['deadlineMs', 0, /deadlineMs.*0/],
    ['deadlineMs', Number.NaN, /deadlineMs.*NaN/],
    ['deadlineMs', -5, /deadlineMs.*-5/],
    ['deadlineMs', '5', /deadlineMs/],
    ['deadlineMs', null, /deadlineMs/],
  ]

  it.each(wrong)('refuses %s: %s, and says what it must be', (name, value, message) => {
    const read = (): unknown => readCallOptions({ [name]: value } as CallOptions)
    expect(read).toThrow(ConfigurationError)
    expect(read).toThrow(message)
  })
})
