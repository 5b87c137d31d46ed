import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ModelId } from '../catalog/catalog.generated.js'
import { catalog } from '../catalog/catalog.js'
import { createStepTimeModel } from './create-step-time-model.js'
import type { PerformanceInput } from './performance-input.js'
import { predictPerformance } from './predict-performance.js'
import { SizingInputError } from './sizing-input-error.js'

const mistral = { model: 'mistral-7b-it-v0.3', gpu: 'a100-40gb', tensorParallelSize: 2 } as const
const codestral = { model: 'codestral-22b-v0.1', gpu: 'a100-80gb', tensorParallelSize: 2 } as const
const rulesOf = (input: PerformanceInput) => predictPerformance(input).findings.map(({ rule }) => rule)
const figures = [
  'secondsPerRequest',
  'tokensPerSecondPerRequest',
  'totalSeconds',
  'totalTokensPerSecond',
  'timeToFirstTokenMs',
  'interTokenLatencyMs',
] as const

function errorOf(input: unknown): SizingInputError {
  try {
    predictPerformance(input as PerformanceInput)
  } catch (error) {
    if (SizingInputError.is(error)) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('documented rows', () => {
  test.each(
    catalog.responseTimes.map((row) => [`${row.documentedModel}, ${row.machine}, ${row.requests}`, row] as const),
  )('%s is returned and named', (_name, row) => {
    const machine = catalog.responseTimeMachines.find(({ size }) => size === row.machine)
    const answer = predictPerformance({
      model: row.model,
      gpu: machine?.documentedGpu,
      tensorParallelSize: machine?.gpuCount,
      concurrency: row.requests,
      outputTokens: row.tokensPerResponse,
    })
    const { secondsPerRequest, tokensPerSecondPerRequest, totalSeconds, totalTokensPerSecond } = row
    expect(answer).toMatchObject({ secondsPerRequest, tokensPerSecondPerRequest, totalSeconds, totalTokensPerSecond })
    expect(answer.basis).toBe('documented')
    expect(answer.documentedRow).toBe(row)
    expect(answer.sources[0]).toMatchObject({ source: 'models-page-18.2', heading: row.heading, release: '18.2' })
    for (const figure of figures) {
      expect(answer.interval[figure].low, figure).toBeLessThanOrEqual(answer[figure])
      expect(answer.interval[figure].high, figure).toBeGreaterThanOrEqual(answer[figure])
    }
    expect(answer.findings.some(({ rule }) => rule === 'response-times-contradict')).toBe(row.conflict !== undefined)
  })

  test('have no time to the first token and none between tokens: those are estimates, and say so', () => {
    const { figureBasis, timeToFirstTokenMs, interTokenLatencyMs } = predictPerformance({ ...mistral, concurrency: 10 })
    expect(figureBasis).toEqual({
      secondsPerRequest: 'documented',
      tokensPerSecondPerRequest: 'documented',
      totalSeconds: 'documented',
      totalTokensPerSecond: 'documented',
      timeToFirstTokenMs: 'calibrated',
      interTokenLatencyMs: 'calibrated',
    })
    expect((timeToFirstTokenMs + 763.2 * interTokenLatencyMs) / 1000).toBeCloseTo(8.41, 6)
  })

  test('answer for the machine by either name that the page can mean', () => {
    for (const machine of ['a2-highgpu-4g', 'a2-ultragpu-4g', 'A2-UltraGPU-4g'])
      expect(predictPerformance({ model: 'mistral-7b-it-v0.3', machine }).secondsPerRequest).toBe(3.8)
    expect(
      predictPerformance({ model: 'mistralai/Mistral-7B-Instruct-v0.3', machine: 'a2-highgpu-2g' }).secondsPerRequest,
    ).toBe(7.09)
  })

  test('answer for lengths left out, or the same; never for others', () => {
    const basis = (input: object) => predictPerformance({ ...mistral, concurrency: 10, ...input }).basis
    expect(basis({})).toBe('documented')
    expect(basis({ promptTokens: 100, outputTokens: 764 })).toBe('documented')
    expect(basis({ outputTokens: 700 })).toBe('calibrated')
    expect(basis({ promptTokens: 501 })).not.toBe('documented')
    expect(basis({ concurrency: 11 })).toBe('calibrated')
    expect(basis({ basisPreference: 'model' })).toBe('calibrated')
  })

  test('answer for no other GPU, number of GPUs, engine or setting that changes speed', () => {
    for (const other of [
      { gpu: 'a100-80gb' },
      { tensorParallelSize: 4, gpu: 'a100-80gb' },
      { vllmVersion: '0.9.2' },
      { profile: 'a100-v1' },
      { quantization: 'awq' },
      { kvCacheDtype: 'fp8' },
      { enforceEager: true },
      { pipelineParallelSize: 2 },
    ] as const)
      expect(predictPerformance({ ...mistral, concurrency: 10, ...other }).basis, JSON.stringify(other)).not.toBe(
        'documented',
      )
  })

  test('rows that contradict the others come with the estimate inside the interval', () => {
    const input = { model: 'mixtral-8x7b-it-v0.1', gpu: 'a100-40gb', tensorParallelSize: 4, concurrency: 1 } as const
    const documented = predictPerformance(input)
    const estimated = predictPerformance({ ...input, outputTokens: 400, basisPreference: 'model' })
    expect(documented.secondsPerRequest).toBe(6.5)
    expect(estimated.secondsPerRequest).toBeLessThan(5)
    expect(documented.interval.secondsPerRequest.low).toBeLessThan(estimated.secondsPerRequest)
    expect(documented.interval.secondsPerRequest.high).toBe(6.5)
    const finding = documented.findings.find(({ rule }) => rule === 'response-times-contradict')
    expect(finding?.severity).toBe('warning')
    expect(finding?.message).toMatch(/61\.55.*116\.69/)
  })
})

describe('basis', () => {
  test('is calibrated only within what the profile was fitted to', () => {
    const basis = (input: object) =>
      predictPerformance({ ...codestral, concurrency: 50, promptTokens: 200, outputTokens: 400, ...input }).basis
    expect(basis({})).toBe('calibrated')
    for (const outside of [
      { concurrency: 101 },
      { tensorParallelSize: 1 },
      { outputTokens: 900 },
      { gpu: 'a100-80gb-pcie' },
      { nvlink: false },
      { vllmVersion: '0.11.0' },
      { gpu: 'h100-80gb' },
      { quantization: 'fp8' },
      { concurrency: undefined, requestsPerSecond: 2 },
    ])
      expect(basis(outside), JSON.stringify(outside)).toBe('extrapolated')
  })

  test('intervals are wider where nothing was measured, and say why', () => {
    const width = (input: object) => {
      const { interval } = predictPerformance({ ...codestral, promptTokens: 200, outputTokens: 400, ...input })
      return interval.secondsPerRequest.high / interval.secondsPerRequest.low
    }
    expect(width({})).toBeCloseTo(1.29 ** 2, 6)
    expect(width({ concurrency: 150 })).toBeCloseTo((1.29 * 1.25) ** 2, 6)
    expect(width({ gpu: 'l40s', tensorParallelSize: 4 })).toBeGreaterThan(width({ concurrency: 150 }))
    const { findings } = predictPerformance({ ...codestral, concurrency: 150, quantization: 'awq' })
    expect(findings.find(({ rule }) => rule === 'speed-extrapolated')?.message).toMatch(/awq.*150 requests at once/)
  })
})

describe('profiles', () => {
  test('follow the engine of the version, and the GPU', () => {
    const profile = (input: object) => predictPerformance({ ...codestral, ...input }).profile
    expect(profile({})).toBe('a100-v0')
    expect(profile({ vllmVersion: '0.6.4.post1' })).toBe('a100-v0')
    expect(profile({ vllmVersion: '0.8.5' })).toBe('a100-v1')
    expect(profile({ gpu: 'h100-80gb' })).toBe('h100-v1')
    expect(profile({ gpu: 'h200-141gb', vllmVersion: '0.7.3' })).toBe('h100-v0')
    expect(profile({ gpu: 'l40s' })).toBe('generic-v1')
    expect(profile({ gpu: 'v100-32gb', dtype: 'half', vllmVersion: '0.9.2' })).toBe('generic-v0')
    expect(profile({ profile: 'generic-v1' })).toBe('generic-v1')
    expect(profile({ model: 'gpt-oss-20b', tensorParallelSize: 1 })).toBe('a100-v1')
  })

  test('an engine that had to be assumed is named', () => {
    expect(rulesOf(codestral)).toContain('engine-assumed')
    expect(rulesOf({ ...codestral, vllmVersion: '0.11.0' })).not.toContain('engine-assumed')
  })

  test('every constant of every profile has a source of the catalog', () => {
    for (const { constants } of Object.values(catalog.speedProfiles))
      for (const { source, origin } of Object.values(constants)) {
        expect(Object.hasOwn(catalog.sources, source)).toBe(true)
        expect(['fitted', 'measured', 'hand-set']).toContain(origin)
      }
  })
})

describe('load', () => {
  test('requests that do not fit at once wait, and the answer says so', () => {
    const input = { ...codestral, gpu: 'a100-40gb', promptTokens: 8000, outputTokens: 500, concurrency: 200 }
    const answer = predictPerformance(input)
    expect(answer.saturated).toBe(true)
    expect(answer.runningLimit).toBeLessThan(30)
    expect(answer.findings.find(({ rule }) => rule === 'requests-wait')?.message).toContain('KV cache')
    const few = predictPerformance({ ...input, concurrency: answer.runningLimit })
    expect(few.saturated).toBe(false)
    expect(answer.timeToFirstTokenMs).toBeGreaterThan(few.timeToFirstTokenMs)
  })

  test('--max-num-seqs bounds what runs at once', () => {
    const answer = predictPerformance({
      ...codestral,
      maxNumSeqs: 8,
      concurrency: 64,
      promptTokens: 100,
      outputTokens: 100,
    })
    expect(answer).toMatchObject({ runningLimit: 8, saturated: true })
    expect(rulesOf({ ...codestral, maxNumSeqs: 8, concurrency: 64 })).toContain('requests-wait')
  })

  test('a rate within the capacity finds its concurrency, one beyond it names the capacity', () => {
    const input = { ...codestral, promptTokens: 500, outputTokens: 200 }
    const { capacityRequestsPerSecond } = predictPerformance(input)
    const rate = 0.5 * capacityRequestsPerSecond
    const within = predictPerformance({ ...input, requestsPerSecond: rate })
    expect(within.saturated).toBe(false)
    expect(within.workload.concurrency).toBeCloseTo(rate * within.secondsPerRequest, 6)
    const beyond = predictPerformance({ ...input, requestsPerSecond: 3 * capacityRequestsPerSecond })
    expect(beyond.saturated).toBe(true)
    expect(beyond.totalTokensPerSecond).toBeCloseTo(200 * capacityRequestsPerSecond, 6)
    const finding = beyond.findings.find(({ rule }) => rule === 'rate-beyond-capacity')
    expect(finding?.message).toContain(`about ${Number(capacityRequestsPerSecond.toPrecision(3))}`)
    expect(finding?.fix?.description).toContain('4 replicas')
  })

  test('a model that does not fit is said not to, first of all', () => {
    const [first] = predictPerformance({ model: 'llama-3.1-70b', gpu: 'a100-80gb' }).findings
    expect(first).toMatchObject({ rule: 'model-does-not-fit', severity: 'error' })
    expect(first?.message).toContain('llama-3.1-70b')
  })

  test('any question about a model of the catalog has finite figures inside their intervals', () => {
    const input = fc.record({
      model: fc.constantFrom(...(Object.keys(catalog.architectures) as ModelId[])),
      machine: fc.constantFrom(...Object.keys(catalog.machines)),
      promptTokens: fc.integer({ min: 1, max: 4000 }),
      outputTokens: fc.integer({ min: 1, max: 4000 }),
      vllmVersion: fc.constantFrom(undefined, '0.6.4.post1', '0.8.5', '0.11.0'),
    })
    const concurrency = fc.integer({ min: 1, max: 3000 })
    fc.assert(
      fc.property(input, concurrency, concurrency, (question, few, more) => {
        const ask = (count: number) => predictPerformance({ ...question, concurrency: count, basisPreference: 'model' })
        const [before, after] = [ask(few), ask(few + more)]
        for (const figure of figures) {
          expect(before[figure], figure).toBeGreaterThan(0)
          expect(Number.isFinite(before[figure]), figure).toBe(true)
          expect(before.interval[figure].low).toBeLessThan(before[figure])
          expect(before.interval[figure].high).toBeGreaterThan(before[figure])
        }
        expect(after.secondsPerRequest * (1 + 1e-9)).toBeGreaterThanOrEqual(before.secondsPerRequest)
        expect(after.timeToFirstTokenMs * (1 + 1e-9)).toBeGreaterThanOrEqual(before.timeToFirstTokenMs)
      }),
    )
  })
})

describe('bad input', () => {
  test.each([
    ['no model', { model: undefined }, 'model', undefined],
    ['an unknown model', { model: 'codestral-22' }, 'model', 'codestral-22b-v0.1'],
    ['a model without weights to serve', { model: 'gpt-4o' }, 'model', undefined],
    ['no GPU', { gpu: undefined }, 'gpu', undefined],
    ['memory instead of a GPU', { gpu: undefined, gpuTotalGiB: 80 }, 'gpu', undefined],
    ['an unknown GPU', { gpu: 'h100-80g' }, 'gpu', 'h100-80gb'],
    ['a product instead of a card', { gpu: 'a100' }, 'gpu', 'a100-40gb'],
    ['an unknown machine', { gpu: undefined, machine: 'a2-ultragpu-3g' }, 'machine', 'a2-ultragpu-1g'],
    ['a GPU that is not the machine’s', { machine: 'a3-highgpu-8g' }, 'gpu', 'h100-80gb'],
    ['more GPUs than the machine has', { machine: 'a2-ultragpu-2g', tensorParallelSize: 4 }, 'tensorParallelSize', 2],
    ['tensor parallel 3', { tensorParallelSize: 3 }, 'tensorParallelSize', 2],
    ['tensor parallel 0', { tensorParallelSize: 0 }, 'tensorParallelSize', 1],
    ['tensor parallel 2.5', { tensorParallelSize: 2.5 }, 'tensorParallelSize', 3],
    ['tensor parallel NaN', { tensorParallelSize: Number.NaN }, 'tensorParallelSize', undefined],
    ['no requests', { concurrency: 0 }, 'concurrency', 1],
    ['fewer than none', { concurrency: -5 }, 'concurrency', 1],
    ['half a request', { concurrency: 1.4 }, 'concurrency', 1],
    ['too many to mean it', { concurrency: 1e12 }, 'concurrency', 1_000_000],
    ['text for a number', { concurrency: '10' }, 'concurrency', undefined],
    ['a rate of 0', { requestsPerSecond: 0 }, 'requestsPerSecond', undefined],
    ['a rate of Infinity', { requestsPerSecond: Number.POSITIVE_INFINITY }, 'requestsPerSecond', 1_000_000],
    ['both a rate and a number at once', { requestsPerSecond: 2, concurrency: 4 }, 'requestsPerSecond', undefined],
    ['no prompt', { promptTokens: 0 }, 'promptTokens', 1],
    ['a response of NaN tokens', { outputTokens: Number.NaN }, 'outputTokens', undefined],
    ['a prompt beyond the context', { promptTokens: 100_000 }, 'promptTokens', 32_767],
    ['prompt and response beyond the context', { promptTokens: 32_000, outputTokens: 1000 }, 'outputTokens', 768],
    ['a response beyond --max-model-len', { maxModelLength: 4096, outputTokens: 5000 }, 'outputTokens', 3996],
    ['an unknown profile', { profile: 'a100-v2' }, 'profile', 'a100-v0'],
    ['a name of Object', { profile: '__proto__' }, 'profile', undefined],
    ['an unknown quantisation', { quantization: 'fp9' }, 'quantization', 'fp8'],
    ['no version', { vllmVersion: 'latest' }, 'vllmVersion', '0.11.0'],
  ])('%s is named, with the nearest valid value', (_name, change, field, nearest) => {
    const error = errorOf({ ...codestral, ...change })
    expect(error.field).toBe(field)
    expect(error.nearest).toBe(nearest)
    expect(error.message).toContain(field)
    if (nearest !== undefined) expect(error.message).toContain(String(nearest))
  })

  test.each([[undefined], [null], [7], ['codestral'], [[]], [{}]])('%j is no question', (input) => {
    expect(errorOf(input).message).toMatch(/is needed/)
  })

  test('an architecture that makes no sense is named by the field', () => {
    const architecture = { ...catalog.architectures['codestral-22b-v0.1'], layers: -1 }
    expect(errorOf({ gpu: 'a100-80gb', architecture })).toMatchObject({ field: 'architecture.layers', nearest: 1 })
  })

  test('createStepTimeModel refuses the same', () => {
    expect(() => createStepTimeModel({ ...codestral, tensorParallelSize: 7 })).toThrow(SizingInputError)
    expect(() => createStepTimeModel({ ...codestral, gpu: 'abacus' })).toThrow(/gpu is "abacus"/)
  })
})
