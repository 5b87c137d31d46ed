import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkConfig, type PlanInput, planDeployments, RenderError, renderDeployment } from '../../src/index.js'
import { serverFactsOf } from '../../src/server-facts.js'
import { shells, syntaxFaults } from './shell.js'
import { composeFaults, documentsOf, manifestFaults } from './validators.js'

const questions: Readonly<Record<string, PlanInput>> = {
  'Codestral for 200 users': { model: 'codestral-22b-v0.1', users: 200 },
  'Mixtral 8x7B on A100': { model: 'mixtral-8x7b-it-v0.1', concurrency: 20, gpu: 'a100-80gb' },
  'Mixtral 8x22B over several machines': {
    model: 'mixtral-8x22b-it-v0.1',
    users: 100,
    gpu: 'a100-40gb',
    gpusPerNode: 4,
  },
  'Llama 3.1 8B on T4': { model: 'llama-3.1-8b', users: 20, gpu: 't4' },
  'many copies': { model: 'mistral-7b-it-v0.3', requestsPerSecond: 40, gpu: 'a10g', maxReplicas: 64 },
}

describe.each(Object.entries(questions))('plans for %s', (_, question) => {
  const plans = planDeployments(question)

  test('there are some', () => {
    expect(plans.length).toBeGreaterThan(0)
  })

  test('become valid files, and their configuration is accepted', () => {
    for (const plan of plans) {
      const image = plan.gpu.startsWith('mi') ? { image: 'example/vllm-rocm:1' } : {}
      for (const document of documentsOf(renderDeployment(plan, 'kubernetes', image)))
        expect(manifestFaults(document)).toEqual([])
      for (const document of documentsOf(composeOf(() => renderDeployment(plan, 'docker-compose', image))))
        expect(composeFaults(document)).toEqual([])
      for (const format of ['vllm-serve', 'ai-gateway-env'] as const)
        for (const shell of shells) expect(syntaxFaults(shell, renderDeployment(plan, format))).toBe('')
      const errors = (input: unknown) => checkConfig(input).findings.filter(({ severity }) => severity === 'error')
      expect(errors(parse(renderDeployment(plan, 'duo-models')))).toEqual(errors(plan.configuration))
    }
  })

  test('ask vLLM for what was planned', () => {
    for (const plan of plans) {
      const text = renderDeployment(plan, 'vllm-serve')
      const serveArgs = text.slice(text.lastIndexOf('\nvllm serve') + 1)
      const { fromArguments } = serverFactsOf({ platform: 'vllm', server: { serveArgs } })
      expect(fromArguments).toMatchObject({
        tensorParallelSize: plan.tensorParallelSize,
        maxModelLength: plan.maxModelLength,
        maxNumSeqs: plan.maxNumSeqs,
        gpuMemoryUtilization: plan.gpuMemoryUtilization,
        dtype: plan.dtype,
      })
      expect(fromArguments.pipelineParallelSize ?? 1).toBe(plan.pipelineParallelSize)
      expect(fromArguments.kvCacheDtype ?? 'auto').toBe(plan.kvCacheDtype)
    }
  })
})

function composeOf(render: () => string): string {
  try {
    return render()
  } catch (error) {
    if (RenderError.is(error) && /spans \d+ machines/.test(error.message)) return 'services: {}\n'
    throw error
  }
}
