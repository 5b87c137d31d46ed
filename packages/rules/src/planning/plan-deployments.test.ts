import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalog } from '../catalog/catalog.js'
import { checkConfig } from '../check-config.js'
import { estimateMemory } from '../sizing/estimate-memory.js'
import { predictPerformance } from '../sizing/predict-performance.js'
import { SizingInputError } from '../sizing/sizing-input-error.js'
import type { DeploymentPlan } from './deployment-plan.js'
import { explainPlans, planDeployments } from './plan-deployments.js'
import type { PlanInput } from './plan-input.js'

const codestral: PlanInput = { model: 'codestral-22b-v0.1', users: 500, promptTokens: 1_500, outputTokens: 100 }

function errorOf(input: object): SizingInputError {
  try {
    planDeployments(input as PlanInput)
  } catch (error) {
    if (SizingInputError.is(error)) return error
    throw error
  }
  throw new Error('No error was thrown.')
}

const workload = fc.oneof(
  fc.record({ requestsPerSecond: fc.double({ min: 0.01, max: 50, noNaN: true }) }),
  fc.record({ users: fc.integer({ min: 1, max: 20_000 }) }),
  fc.record({ concurrency: fc.integer({ min: 1, max: 500 }) }),
)
const question: fc.Arbitrary<PlanInput> = fc
  .tuple(
    workload,
    fc.record({
      model: fc.constantFrom('mistral-7b-it-v0.3', 'codestral-22b-v0.1', 'mixtral-8x7b-it-v0.1', 'llama-3.1-70b'),
      promptTokens: fc.integer({ min: 1, max: 4_000 }),
      outputTokens: fc.integer({ min: 1, max: 1_000 }),
      allowBelowDocumentedMinimum: fc.boolean(),
    }),
    fc.constantFrom<PlanInput>({}, { cloud: 'gcp' }, { gpu: ['a100-80gb', 'h100-80gb'] }, { gpu: 'l40s', gpuCount: 8 }),
  )
  .map((parts) => Object.assign({}, ...parts) as PlanInput)

describe('planDeployments', () => {
  it('orders by cost and ranks from 1', () => {
    fc.assert(
      fc.property(question, (input) => {
        const plans = planDeployments(input)
        expect(plans.map(({ rank }) => rank)).toEqual(plans.map((_, index) => index + 1))
        const costs = plans.map(({ relativeCost }) => relativeCost)
        expect(costs).toEqual(costs.toSorted((a, b) => a - b))
      }),
    )
  })

  it('gives only plans that start, that carry the workload and that checkConfig accepts', () => {
    fc.assert(
      fc.property(question, (input) => {
        for (const plan of planDeployments(input)) {
          expect(plan.memory.fits).toBe(true)
          expect(plan.performance.saturated).toBe(false)
          const { ok, findings } = checkConfig(plan.configuration)
          const errors = findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)
          if (input.allowBelowDocumentedMinimum !== true) expect([ok, errors]).toEqual([true, []])
          else if (plan.documentedMinimum?.isMet === false) expect(errors).not.toEqual([])
        }
      }),
    )
  })

  it('says of each plan what estimateMemory and predictPerformance say of its settings', () => {
    fc.assert(
      fc.property(question, (input) => {
        for (const plan of planDeployments({ ...input, limit: 3 })) {
          const settings = settingsOf(plan)
          expect(estimateMemory(settings).perGpu).toEqual(plan.memory.perGpu)
          const { concurrency, requestsPerSecond, promptTokens, outputTokens } = plan.performance.workload
          const share =
            requestsPerSecond === undefined
              ? ({ concurrency } as const)
              : ({ requestsPerSecond, basisPreference: 'model' } as const)
          const again = predictPerformance({ ...settings, ...share, promptTokens, outputTokens })
          expect(again.timeToFirstTokenMs).toBeCloseTo(plan.performance.timeToFirstTokenMs, 6)
        }
      }),
    )
  })

  it('never answers more load with less hardware', () => {
    fc.assert(
      fc.property(question, fc.integer({ min: 2, max: 5 }), (input, factor) => {
        const more = scaled(input, factor)
        const [cheapest] = planDeployments(input)
        const [cheapestForMore] = planDeployments(more)
        if (cheapest !== undefined && cheapestForMore !== undefined)
          expect(cheapestForMore.relativeCost).toBeGreaterThanOrEqual(cheapest.relativeCost - 1e-9)
        if (cheapest === undefined) expect(cheapestForMore).toBeUndefined()
      }),
    )
  })

  it('takes no more GPUs than there are', () => {
    const plans = planDeployments({ ...codestral, users: 400, gpu: 'a100-80gb', gpuCount: 6 })
    expect(plans).not.toEqual([])
    for (const { totalGpus } of plans) expect(totalGpus).toBeLessThanOrEqual(6)
  })

  it('meets the targets, and warns where the interval reaches beyond them', () => {
    const target = { timeToFirstTokenMs: 200, interTokenLatencyMs: 30 }
    const plans = planDeployments({ ...codestral, ...target })
    expect(plans).not.toEqual([])
    for (const { performance, findings } of plans) {
      expect(performance.timeToFirstTokenMs).toBeLessThanOrEqual(200)
      expect(performance.interTokenLatencyMs).toBeLessThanOrEqual(30)
      const isUncertain =
        performance.interval.timeToFirstTokenMs.high > 200 || performance.interval.interTokenLatencyMs.high > 30
      expect(findings.some(({ rule }) => rule === 'target-uncertain')).toBe(isUncertain)
    }
  })

  it('keeps to the documented minimum unless it is told not to, and then says so', () => {
    const onOneCard: PlanInput = { ...codestral, users: 10, gpu: 'a100-80gb', gpuCount: 1 }
    const { plans, rejected } = explainPlans(onOneCard)
    expect(plans).toEqual([])
    expect(rejected[0]?.reason).toContain('Below the documented minimum of 2 × a100-80gb (110 GB)')
    const [below] = planDeployments({ ...onOneCard, allowBelowDocumentedMinimum: true })
    expect(below?.documentedMinimum).toEqual({ gpu: 'a100-80gb', gpuCount: 2, minimumVramGB: 110, isMet: false })
    expect(below?.findings.map(({ rule }) => rule)).toContain('vram-below-minimum')
  })

  it('shows the conflict between two documented minimums', () => {
    const [plan] = planDeployments({ model: 'mixtral-8x7b-it-v0.1', users: 10, gpu: 'a100-80gb', release: '18.2' })
    expect(plan).toMatchObject({ tensorParallelSize: 2, documentedMinimum: { minimumVramGB: 220, isMet: true } })
    expect(plan?.findings.map(({ rule }) => rule)).toContain('hardware-source-conflict')
  })

  it('names whole machines and counts all their GPUs', () => {
    const [plan] = planDeployments({ ...codestral, machine: 'a2-ultragpu-8g' })
    expect(plan).toMatchObject({ machine: 'a2-ultragpu-8g', machineCount: 1, totalGpus: 8, relativeCost: 8 })
  })

  it('leaves out machines below the documented base system', () => {
    const input: PlanInput = { model: 'mistral-7b-it-v0.3', users: 5, machine: 'a2-highgpu-1g' }
    const { plans, rejected } = explainPlans(input)
    expect(plans).toEqual([])
    expect(rejected[0]?.reason).toContain('12 CPU threads')
    expect(
      planDeployments({ ...input, allowBelowDocumentedMinimum: true })[0]?.findings.map(({ rule }) => rule),
    ).toContain('cpu-below-minimum')
  })

  it('spans machines only where one is too small', () => {
    const input: PlanInput = { model: 'mixtral-8x22b-it-v0.1', users: 10, gpu: 'a100-80gb', gpusPerNode: 4 }
    const [wide] = planDeployments({ ...input, gpusPerNode: 8 })
    expect(wide).toMatchObject({ nodesPerReplica: 1, tensorParallelSize: 8 })
    const [spanning] = planDeployments(input)
    expect(spanning).toMatchObject({
      nodesPerReplica: 2,
      tensorParallelSize: 4,
      pipelineParallelSize: 2,
      gpusPerNode: 4,
    })
    expect(planDeployments({ ...input, maxNodesPerReplica: 1 })).toEqual([])
  })

  it('finds the best model for features on the hardware there is', () => {
    const features = ['code-completion', 'code-generation'] as const
    const plans = planDeployments({ features, users: 100, gpu: 'a100-80gb', gpuCount: 2, release: '18.2', limit: 100 })
    const merit = ({ model }: DeploymentPlan) => features.filter((feature) => levelOf(model, feature) === 'full').length
    const merits = plans.map(merit)
    expect(merits[0]).toBe(2)
    expect(merits).toEqual(merits.toSorted((a, b) => b - a))
    expect(plans[0]?.configuration).toMatchObject({ gitlab: { version: '18.2' } })
  })

  it('orders by the prices of the caller', () => {
    const input: PlanInput = { ...codestral, gpu: ['a100-80gb', 'h100-80gb'] }
    const cheapA100 = planDeployments({ ...input, pricePerGpuHour: { 'a100-80gb': 1, 'h100-80gb': 9 } })
    const cheapH100 = planDeployments({ ...input, pricePerGpuHour: { 'a100-80gb': 9, 'h100-80gb': 1 } })
    expect([cheapA100[0]?.gpu, cheapH100[0]?.gpu]).toEqual(['a100-80gb', 'h100-80gb'])
  })

  it('plans a model the newest release dropped for the last one that lists it, and says so', () => {
    const [plan] = planDeployments({ model: 'mixtral-8x22b-it-v0.1', users: 5, gpu: 'a100-80gb' })
    expect(plan?.findings).toContainEqual(expect.objectContaining({ rule: 'release-assumed', severity: 'warning' }))
  })

  it('serves an architecture of the caller', () => {
    const architecture = { ...catalog.architectures['llama-3.1-8b'], name: 'acme/Own-8B' }
    const [plan] = planDeployments({ architecture, users: 20, gpu: 'l40s' } as PlanInput)
    expect(plan).toMatchObject({ model: 'acme/Own-8B', servedModelName: 'acme/Own-8B' })
    expect(checkConfig(plan?.configuration).ok).toBe(true)
  })

  it('says which assumptions it made', () => {
    const [plan] = planDeployments({ model: 'mistral-7b-it-v0.3', users: 10, gpu: 'a100-40gb' })
    const assumed = plan?.findings.filter(({ rule }) => rule === 'workload-assumed').map(({ path }) => path)
    expect(assumed).toEqual(['/requestsPerUserPerHour', '/promptTokens', '/outputTokens'])
  })

  it.each<[string, object, string, unknown]>([
    ['no workload', { model: 'codestral-22b-v0.1' }, 'users', undefined],
    ['no model', { users: 5 }, 'model', undefined],
    ['an unknown model', { model: 'codestrall-22b', users: 5 }, 'model', undefined],
    ['an unknown GPU', { ...codestral, gpu: 'h100-81gb' }, 'gpu', 'h100-80gb'],
    ['an unknown machine', { ...codestral, machine: 'a2-ultragpu-9g' }, 'machine', undefined],
    ['an unknown cloud', { ...codestral, cloud: 'gpc' }, 'cloud', undefined],
    ['no users', { ...codestral, users: 0 }, 'users', 1],
    ['negative requests', { ...codestral, requestsPerSecond: -1 }, 'requestsPerSecond', undefined],
    ['NaN requests', { ...codestral, requestsPerSecond: Number.NaN }, 'requestsPerSecond', undefined],
    ['two kinds of load', { ...codestral, concurrency: 3 }, 'concurrency', undefined],
    ['a prompt beyond the context', { ...codestral, promptTokens: 200_000 }, 'promptTokens', 32_768],
    ['a misspelled field', { ...codestral, gpuCuont: 3 }, 'input', 'gpuCount'],
    ['an unknown feature', { features: ['duo-chatt'], users: 3 }, 'features', undefined],
    ['a price that is missing', { ...codestral, gpu: 't4', pricePerGpuHour: { l4: 1 } }, 'pricePerGpuHour', undefined],
    ['a limit of 0', { ...codestral, limit: 0 }, 'limit', 1],
  ])('names the field of %s', (_, input, field, nearest) => {
    const error = errorOf(input)
    expect(error.field).toBe(field)
    if (nearest !== undefined) expect(error.nearest).toBe(nearest)
  })

  it('says why a layout is none', () => {
    const { plans, rejected } = explainPlans({ model: 'llama-3.1-70b', users: 50, gpu: 'h100-80gb', gpuCount: 1 })
    expect(plans).toEqual([])
    expect(rejected).toMatchObject([{ gpu: 'h100-80gb', tensorParallelSize: 1 }])
    expect(rejected[0]?.reason).toContain('The weights do not load')
  })
})

function settingsOf(plan: DeploymentPlan) {
  const { model, gpu, tensorParallelSize, pipelineParallelSize, dtype, maxModelLength, maxNumSeqs } = plan
  const { maxNumBatchedTokens, gpuMemoryUtilization, vllmVersion } = plan
  return {
    model,
    gpu,
    tensorParallelSize,
    pipelineParallelSize,
    dtype,
    maxModelLength,
    maxNumSeqs,
    maxNumBatchedTokens,
    gpuMemoryUtilization,
    vllmVersion,
  }
}

function scaled(input: PlanInput, factor: number): PlanInput {
  const { users, requestsPerSecond, concurrency } = input
  if (concurrency !== undefined) return { ...input, concurrency: concurrency * factor }
  if (requestsPerSecond !== undefined) return { ...input, requestsPerSecond: requestsPerSecond * factor }
  return { ...input, users: (users ?? 1) * factor }
}

function levelOf(model: string, feature: 'code-completion' | 'code-generation') {
  const match = Object.values(catalog.models).find(({ id }) => id === model)
  return match?.assertions.findLast(({ since }) => since === '18.2')?.levels[feature]
}
