import { createStepTimeModel } from '@duo-models/rules'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stepDurationMs } from './step-duration.js'

const model = createStepTimeModel({ model: 'mistral-7b-it-v0.3', machine: 'a2-highgpu-2g' })

test('decoding, one piece beside decoding, and many prompts at once last as long as the model says', () => {
  const size = fc.integer({ min: 1, max: 200 })
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: 2000 }), (sequences, tokens, cached) => {
      const decode = { decoding: sequences, contextTokens: cached, reading: 0, readTokens: 0, readPairs: 0 }
      expect(stepDurationMs(model, decode)).toBe(model.decodeStepMs(sequences, cached))
      const piece = { ...decode, reading: 1, readTokens: tokens, readPairs: tokens * (cached + tokens / 2) }
      expect(stepDurationMs(model, piece)).toBeCloseTo(model.mixedStepMs(sequences, cached, tokens, cached), 6)
      const together = { ...decode, decoding: 0, contextTokens: 0, reading: sequences, readTokens: sequences * tokens }
      const prompts = { ...together, readPairs: (sequences * tokens * tokens) / 2 }
      const expected = model.prefillMs(sequences * tokens, sequences)
      expect(Math.abs(stepDurationMs(model, prompts) / expected - 1)).toBeLessThan(0.12)
    }),
  )
})
