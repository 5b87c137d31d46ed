import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as api from '../src/index.js'
import { supportLevel } from '../src/matrix.js'
import { publishedConfig, publishedConfigs } from './sizing/published-configs.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the first example does what its comments say', () => {
  const report = api.checkConfig({
    gitlab: { version: '18.2' },
    deployments: {
      code: {
        platform: 'vllm',
        model: 'codestral-22b-v0.1',
        endpoint: 'http://gpu-1:8000',
        hardware: { gpu: 'a100-80gb', gpuCount: 1 },
      },
    },
    features: { 'code-completion': 'code', 'duo-chat': 'code' },
  })
  const rules = report.findings.map(({ rule }) => `'${rule}'`).join(', ')
  expect(readme).toContain(`// [${rules}]`)
  expect(api.compatibility({ model: 'llama-3.1-8b', feature: 'duo-chat', platform: 'vllm' }).level).toBe('partial')
  const chat = api.selectModels({ platform: 'azure-openai', feature: 'duo-chat', atLeast: 'full', release: '18.2' })
  expect(chat.map(({ model }) => model.id)).toEqual(['gpt-4o'])
  const agent = api.compatibility({ model: 'llama-3.1-70b', feature: 'agent-platform', release: '18.9' })
  expect(agent).toMatchObject({ level: 'none', wording: 'Limited functionality', productGate: { allowed: false } })
})

test('the table names every function and value of the package', () => {
  const table = readme.slice(readme.indexOf('## API'), readme.indexOf('## What the words mean'))
  for (const name of Object.keys(api)) expect(table).toMatch(new RegExp(`\`${name}\\b`))
})

test('the example of the matrix does what its comment says', () => {
  const level = supportLevel({ model: 'llama-3.1-8b', feature: 'duo-chat', platform: 'vllm', release: '18.2' })
  expect(readme).toContain(`release: '18.2' }) // '${level}'`)
})

test('the examples of speed do what their comments say', () => {
  const { predictPerformance, catalog } = api
  const documented = predictPerformance({ model: 'mixtral-8x22b-it-v0.1', machine: 'a2-ultragpu-8g', concurrency: 10 })
  expect(documented).toMatchObject({ basis: 'documented', documentedRow: { heading: 'Large machine' } })
  expect(readme).toContain(`documented.secondsPerRequest // ${documented.secondsPerRequest}\n`)
  const { secondsPerRequest, interval, basis } = predictPerformance({
    model: 'codestral-22b-v0.1',
    gpu: 'a100-80gb',
    tensorParallelSize: 2,
    concurrency: 20,
    promptTokens: 200,
    outputTokens: 250,
  })
  const { low, high } = interval.secondsPerRequest
  expect(readme).toContain(`estimate.secondsPerRequest // ${secondsPerRequest.toFixed(1)}\n`)
  expect(readme).toContain(`estimate.interval.secondsPerRequest // ${low.toFixed(1)} to ${high.toFixed(1)}:`)
  expect(readme).toContain(`estimate.basis // '${basis}'`)
  const errors = catalog.speedProfiles['a100-v0'].calibration?.requestErrors
  const percent = (share = Number.NaN) => `${(100 * share).toFixed(1)} %`
  expect(readme).toContain(`documented rows is ${percent(errors?.inSample.median)}`)
  expect(readme).toContain(`and ${percent(errors?.leaveOneMachineOut.median)} on machines left out`)
})

test('the examples of a model do what their comments say', () => {
  const { catalog, countParameters } = api
  expect(catalog.architectures['mixtral-8x7b-it-v0.1']?.experts).toEqual({
    count: 8,
    perToken: 2,
    intermediateSize: 14_336,
  })
  const architecture = api.readHuggingFaceConfig(publishedConfig('meta-llama/Llama-3.1-8B-Instruct'))
  expect(readme).toContain(`countParameters(architecture).total // ${countParameters(architecture).total}\n`)
  expect(readme).toContain(`architecture.maxPositions // ${architecture.maxPositions}:`)
  const all = Object.values(catalog.architectures)
  const exact = all.filter(({ publishedParameters }) => publishedParameters.exact)
  expect(readme).toContain(`${exact.length} of ${all.length}; of the others`)
  const files = publishedConfigs.filter(({ isRounded }) => isRounded !== true)
  expect(readme).toContain(`For ${files.length} published files in its tests`)
})

test('the example of plans does what its comments say', () => {
  const [plan] = api.planDeployments({
    model: 'codestral-22b-v0.1',
    users: 500,
    timeToFirstTokenMs: 500,
    gpu: ['a100-80gb', 'h100-80gb'],
  })
  expect(plan && api.renderDeployment(plan, 'kubernetes')).toContain('kind: Deployment')
  const { rejected } = api.explainPlans({ model: 'llama-3.1-70b', users: 50, gpu: 'h100-80gb', gpuCount: 1 })
  const reason = rejected[0]?.reason ?? ''
  expect(readme).toContain(`// ${reason.slice(0, reason.indexOf(' vLLM may use'))} …`)
})
