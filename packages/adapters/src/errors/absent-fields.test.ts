import { expect, test } from 'vitest'
import { ServerError } from './server-error.js'
import { TimeoutError } from './timeout-error.js'

test('a field that is not known is absent, and not undefined', () => {
  expect(Object.keys(new ServerError({ message: 'm' })).sort()).toEqual(['code', 'phase', 'retryable'])
  expect(new TimeoutError({ message: 'm', which: 'server' })).not.toHaveProperty('timeoutMs')
  expect(new ServerError({ message: 'm', status: 500 })).toHaveProperty('status', 500)
})
