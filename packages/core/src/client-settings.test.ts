import { ConfigurationError } from '@duo-models/adapters'
import { describe, expect, it } from 'vitest'
import type { ClientOptions } from './client-options.js'
import { readClientOptions } from './client-settings.js'

describe('readClientOptions', () => {
  it('finds concurrency by itself by default, up to as many as vLLM ever sets', () => {
    expect(readClientOptions({})).toMatchObject({ concurrency: 'adaptive', maxConnections: 1_024 })
    expect(readClientOptions({ concurrency: 'adaptive' }).concurrency).toBe('adaptive')
    expect(readClientOptions({ concurrency: 1 }).concurrency).toBe(1)
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 'fast', '4', null, {}])(
    'refuses concurrency %s, and says what it must be',
    (concurrency) => {
      const read = (): unknown => readClientOptions({ concurrency } as ClientOptions)
      expect(read).toThrow(ConfigurationError)
      expect(read).toThrow(/concurrency.*'adaptive' or/)
    },
  )

  it('refuses hooks that are none', () => {
    expect(() => readClientOptions({ hooks: { onLimit: 1 } } as unknown as ClientOptions)).toThrow(/hooks\.onLimit/)
    expect(() => readClientOptions({ hooks: { onLimits: () => {} } } as unknown as ClientOptions)).toThrow(/onLimits/)
  })
})
