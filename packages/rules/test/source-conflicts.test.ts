import { describe, expect, test } from 'vitest'
import {
  catalog,
  checkConfig,
  comparePep440,
  compatibility,
  findModel,
  parsePep440,
  selectModels,
} from '../src/index.js'

const machineOf = (size: string) => catalog.responseTimeMachines.find((machine) => machine.size === size)
const levelOf = (model: Parameters<typeof compatibility>[0]['model'], feature: 'code-completion' | 'duo-chat') =>
  compatibility({ model, feature, release: '18.2' }).level
const recipeOf = (model: string) => catalog.servings.find((entry) => entry.model === model && entry.recipe)?.recipe
const onA100 = (gpuCount: number, gpu = 'a100-80gb', server = {}) =>
  checkConfig(
    {
      platform: 'vllm',
      model: 'mixtral-8x7b-it-v0.1',
      endpoint: 'http://gpu-1:8000/v1',
      hardware: { gpu, gpuCount },
      server,
    },
    { release: '18.2' },
  )
const rulesOf = ({ findings }: ReturnType<typeof checkConfig>) => findings.map(({ rule }) => rule)

describe('findings about the source pages', () => {
  test('all 25 are in the catalog, in order, and those about other releases follow', () => {
    expect(catalog.sourceConflicts.map(({ number }) => number)).toEqual(Array.from({ length: 35 }, (_, i) => i + 1))
  })

  test('1: the recipe under the v0.2 heading belongs to v0.3, and v0.2 has none', () => {
    expect(recipeOf('mistral-7b-it-v0.3')?.docHeading).toBe('Mistral-7B-Instruct-v0.2')
    expect(recipeOf('mistral-7b-it-v0.3')?.huggingFaceId).toBe('mistralai/Mistral-7B-Instruct-v0.3')
    expect(recipeOf('mistral-7b-it-v0.2')).toBeUndefined()
  })

  test('2: Mixtral 8x7B fails below 160 GB, conflicts up to 219 GB and passes from 220 GB on', () => {
    expect(onA100(3, 'a100-40gb')).toMatchObject({ ok: false, verdict: 'insufficient-hardware' })
    const conflict = onA100(2)
    expect(conflict.verdict).toBe('source-conflict')
    const finding = conflict.findings.find(({ rule }) => rule === 'hardware-source-conflict')
    expect(finding?.message).toMatch(/160 GB/)
    expect(finding?.message).toMatch(/220 GB/)
    expect(finding?.sources.length).toBeGreaterThanOrEqual(2)
    expect(onA100(5, 'a100-40gb').verdict).toBe('source-conflict')
    expect(rulesOf(onA100(3))).not.toContain('hardware-source-conflict')
    expect(onA100(3).ok).toBe(true)
  })

  test('3: the Mixtral recipe needs 4 GPUs, and the size is checked against the GPUs there are', () => {
    expect(recipeOf('mixtral-8x7b-it-v0.1')?.requiredGpus).toBe(4)
    expect(rulesOf(onA100(2, 'a100-80gb', { tensorParallelSize: 4 }))).toContain('tensor-parallel-exceeds-gpus')
    expect(rulesOf(onA100(4, 'a100-80gb', { tensorParallelSize: 4 }))).not.toContain('tensor-parallel-exceeds-gpus')
  })

  test('4: the small machine has 80 GB, and the printed 150 GB is marked', () => {
    expect(machineOf('small')).toMatchObject({
      gpuMemoryGB: [80],
      docStatedVramGB: 150,
      docStatedVramReliable: false,
    })
    expect(catalog.machines['a2-highgpu-2g'].hostMemoryGB).toBe(170)
  })

  test('5: the medium machine stays ambiguous', () => {
    expect(machineOf('medium')).toMatchObject({
      documentedMachine: 'a2-ultragpu-4g',
      candidates: ['a2-highgpu-4g', 'a2-ultragpu-4g'],
      gpuMemoryGB: [160, 320],
    })
  })

  test('6: the large machine has 640 GB; the printed 1360 GB is host memory', () => {
    expect(machineOf('large')).toMatchObject({ gpuMemoryGB: [640], docStatedVramGB: 1360 })
    expect(catalog.machines['a2-ultragpu-8g'].hostMemoryGB).toBe(1360)
  })

  test('7: the conflict about Mixtral 8x7B cites the measurement on the medium machine', () => {
    const finding = onA100(2).findings.find(({ rule }) => rule === 'hardware-source-conflict')
    expect(finding?.sources.map(({ heading }) => heading)).toContain('Medium machine')
  })

  test('8: entitlement is kept by release', () => {
    expect(catalog.releases['17.8']).toMatchObject({ tiers: ['ultimate'], status: 'beta' })
    expect(catalog.releases['17.9']).toMatchObject({ tiers: ['ultimate'], status: 'generally-available' })
    expect(catalog.releases['18.0']).toMatchObject({ tiers: ['premium', 'ultimate'], status: 'generally-available' })
  })

  test('9: yes is never full', () => {
    expect(levelOf('mistral-7b-it-v0.2', 'duo-chat')).toBe('yes')
    const ids = (atLeast: 'full' | 'partial' | 'yes') =>
      selectModels({ feature: 'duo-chat', atLeast, release: '18.2' }).map(({ model }) => model.id)
    expect(ids('partial')).not.toContain('mistral-7b-it-v0.2')
    expect(ids('yes')).toEqual(['mistral-7b-it-v0.2'])
  })

  test('10: nothing is inferred from the order of versions', () => {
    expect(levelOf('mistral-7b-it-v0.3', 'duo-chat')).toBe('none')
    expect(levelOf('mistral-7b-it-v0.2', 'duo-chat')).toBe('yes')
  })

  test('11: nothing is inferred from size', () => {
    expect(levelOf('llama-3-70b', 'duo-chat')).toBe('none')
    expect(levelOf('llama-3.1-8b', 'duo-chat')).toBe('partial')
  })

  test('12: no row of 18.2 is beta', () => {
    expect(selectModels({ status: 'beta', release: '18.2' })).toEqual([])
    expect(selectModels({ status: 'experimental', release: '18.2' })).toHaveLength(7)
  })

  test('13: not applicable is not not compatible', () => {
    expect(levelOf('codestral-22b-v0.1', 'duo-chat')).toBe('not-applicable')
  })

  test('14: Llama is in the catalog, as in the table', () => {
    const llamas = selectModels({ status: 'generally-available' }).filter(({ model }) => model.familyKey === 'llama3')
    expect(llamas).toHaveLength(5)
  })

  test.each([
    ['Mistral Small 24B Instruct 2506', 'mistral-small-24b-instruct-2506'],
    ['mistralai/Mistral-Small-3.2-24B-Instruct-2506', 'mistral-small-24b-instruct-2506'],
    ['google/codegemma-7b', 'codegemma-7b-code'],
    ['CodeLlama-13b-Instruct-hf', 'code-llama-13b'],
    ['META-LLAMA/META-LLAMA-3-8B-INSTRUCT', 'llama-3-8b'],
    ['Mistral-7B-Instruct-v0.2', 'mistral-7b-it-v0.2'],
  ])('15: %s is %s', (name, id) => {
    expect(findModel(name).model?.id).toBe(id)
  })

  test('16: the family label belongs to the page, the family key to the model', () => {
    const model = catalog.models['claude-3.7-sonnet']
    expect(model.familyKey).toBe('claude_3')
    expect(model.assertions[0]?.family).toBe('Claude 3')
  })

  test('17: sizes without a row are unknown, and the nearest row is information', () => {
    const report = checkConfig({
      platform: 'vllm',
      model: 'mistral-small-24b-instruct-2506',
      endpoint: 'http://gpu-1:8000/v1',
      hardware: { gpu: 'a100-80gb', gpuCount: 1 },
    })
    expect(report).toMatchObject({ ok: true, verdict: 'unknown' })
    const finding = report.findings.find(({ rule }) => rule === 'hardware-requirement-not-documented')
    expect(finding).toMatchObject({ severity: 'info' })
    expect(finding?.message).toMatch(/22B models/)
  })

  test('18: both ways of separating platforms give both platforms', () => {
    for (const id of ['mixtral-8x7b-it-v0.1', 'mistral-7b-it-v0.2'] as const)
      expect(catalog.models[id].assertions[0]?.platforms).toEqual(['vllm', 'bedrock'])
  })

  test('19: total times are seconds in every row: the rates agree', () => {
    for (const row of catalog.responseTimes) {
      const rate = (row.requests * row.tokensPerResponse) / row.totalSeconds
      expect(Math.abs(rate / row.totalTokensPerSecond - 1)).toBeLessThan(0.003)
    }
  })

  test('20: Bedrock credentials belong to the AI gateway', () => {
    for (const { environment } of catalog.platforms.bedrock.requirements.credentials)
      expect(environment).toBe('ai-gateway')
    expect(catalog.platforms.bedrock.notes.map(({ id }) => id)).toContain('identity-of-the-gateway')
  })

  test('21: the Region variable has two names', () => {
    const region = catalog.platforms.bedrock.requirements.credentials.find(({ meaning }) => meaning === 'region')
    expect(region?.names).toEqual(['AWS_REGION_NAME', 'AWS_REGION'])
  })

  test('22: the tokenizer file is copied', () => {
    expect(recipeOf('mixtral-8x7b-it-v0.1')?.preparation).toEqual(['cp tokenizer.model tokenizer.model.v3'])
  })

  test('23: option names have dashes', () => {
    for (const { recipe } of catalog.servings)
      for (const { name } of recipe?.options ?? []) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(recipeOf('mixtral-8x7b-it-v0.1')?.options[0]?.name).toBe('tensor-parallel-size')
  })

  test('24: paths end without a slash', () => {
    const tokenizer = recipeOf('mixtral-8x7b-it-v0.1')?.options.find(({ name }) => name === 'tokenizer')
    expect(tokenizer?.value).toBe('<path-to-model>/Mixtral-8x7B-Instruct-v0.1')
  })

  test('25: the vLLM minimum is a post-release', () => {
    const versions = ['0.6.4', '0.6.4.post1', '0.6.5', '0.10.0'].map((text) => parsePep440(text))
    for (const [index, version] of versions.entries()) {
      const next = versions[index + 1]
      if (version !== undefined && next !== undefined) expect(comparePep440(version, next)).toBeLessThan(0)
    }
    expect(versions).not.toContain(undefined)
  })
})
