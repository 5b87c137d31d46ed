import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createStepTimeModel } from './create-step-time-model.js'
import { prefillSchedule, promptMs } from './prefill-schedule.js'

const model = createStepTimeModel({ model: 'codestral-22b-v0.1', gpu: 'a100-80gb', tensorParallelSize: 2 })
const prompts = fc.integer({ min: 1, max: 300 })
const promptTokens = fc.integer({ min: 1, max: 20_000 })
const tokensPerStep = fc.constantFrom(512, 2048, 8192)

describe('prefillSchedule', () => {
  test('reads one prompt that fits in one step', () => {
    expect(prefillSchedule(model, 1, 700, 2048)).toEqual({ meanMs: model.prefillMs(700), lastMs: model.prefillMs(700) })
  })

  test('takes as many whole prompts as fit, and the rest in a smaller step', () => {
    const full = model.prefillMs(2000, 2)
    const { meanMs, lastMs } = prefillSchedule(model, 5, 1000, 2048)
    expect(lastMs).toBeCloseTo(2 * full + model.prefillMs(1000), 9)
    expect(meanMs).toBeCloseTo((2 * full + 2 * 2 * full + lastMs) / 5, 9)
  })

  test('reads a prompt longer than a step in pieces, each looking back at those before', () => {
    const pieces = model.prefillMs(2048, 1, 0) + model.prefillMs(2048, 1, 2048) + model.prefillMs(904, 1, 4096)
    expect(promptMs(model, 5000, 2048)).toBeCloseTo(pieces, 9)
    expect(prefillSchedule(model, 3, 5000, 2048)).toEqual({ meanMs: pieces * 2, lastMs: pieces * 3 })
  })

  test('another prompt never makes the others earlier, and the mean is never after the last', () => {
    fc.assert(
      fc.property(prompts, promptTokens, tokensPerStep, (count, tokens, perStep) => {
        const few = prefillSchedule(model, count, tokens, perStep)
        const more = prefillSchedule(model, count + 1, tokens, perStep)
        expect(few.meanMs).toBeLessThanOrEqual(few.lastMs * (1 + 1e-12))
        expect(more.meanMs * (1 + 1e-9)).toBeGreaterThanOrEqual(few.meanMs)
        expect(more.lastMs).toBeGreaterThan(few.lastMs)
      }),
    )
  })
})
