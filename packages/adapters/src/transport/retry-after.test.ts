import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRetryAfterMs } from './retry-after.js'

const nowMs = Date.parse('2026-11-22T12:00:00Z')

describe('readRetryAfterMs', () => {
  it.each([
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, '', 1500],
    [{ 'retry-after': '2' }, 'retry after 9 seconds', 2000],
    [{ 'retry-after': '0.5' }, '', 500],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:03 GMT' }, '', 3000],
    [{ 'x-ratelimit-reset-tokens': '6m0s', 'x-ratelimit-reset-requests': '20ms' }, '', 360_000],
    [{ 'x-ratelimit-reset-tokens': '1.5' }, '', 1500],
    [{}, 'Please retry after 7 seconds.', 7000],
    [{}, 'Try again in 2 minutes', 120_000],
    [{}, 'try again in 250ms', 250],
    [{ 'retry-after': '86400' }, '', 86_400_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, '', undefined],
    [{ 'retry-after': '-1' }, '', undefined],
    [{ 'retry-after': '9'.repeat(400) }, '', undefined],
    [{ 'retry-after': 'soon' }, 'later', undefined],
    [{ 'retry-after': '0' }, '', undefined],
  ])('%j and "%s" make %s', (headers, message, expected) => {
    expect(readRetryAfterMs(headers, message, nowMs)).toBe(expected)
  })

  it('is a whole number above 0, or nothing, whatever the header says', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (header, message) => {
        const value = readRetryAfterMs({ 'retry-after': header, 'retry-after-ms': message }, message, nowMs)
        expect(value === undefined || (Number.isSafeInteger(value) && value > 0)).toBe(true)
      }),
    )
  })
})
