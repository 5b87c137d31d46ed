import { describe, expect, test } from 'vitest'
import { checkConfig } from '../check-config.js'
import { compatibility } from '../compatibility.js'
import { defineRule } from '../rule.js'
import { createRulesEngine, type RulesEngineOptions } from './create-rules-engine.js'
import { defineModel, type GpuDefinition, type ModelDefinition, type PlatformDefinition } from './definitions.js'

const ownCoder = defineModel({
  id: 'own-coder-7b',
  name: 'Own Coder 7B',
  familyKey: 'general',
  huggingFaceId: 'example/Own-Coder-7B',
  platforms: ['vllm', 'triton'],
  levels: { 'code-completion': 'full', 'code-generation': 'partial', 'duo-chat': 'none' },
})

const engine = createRulesEngine({
  models: [ownCoder],
  platforms: [{ id: 'triton', name: 'NVIDIA Triton' }],
  gpus: [{ id: 'own-gpu', memoryGB: 100 }],
})

const deployment = (extra: object = {}) => ({
  platform: 'vllm',
  model: 'own-coder-7b',
  endpoint: 'http://gpu-1:8000/v1',
  ...extra,
})
const rulesOf = (config: unknown) => engine.checkConfig(config).findings.map(({ rule }) => rule)

describe('an own model', () => {
  test('is found by every name, in any case, and suggested for a slip', () => {
    for (const name of ['own-coder-7b', 'OWN CODER 7B', 'example/own-coder-7b'])
      expect(engine.findModel(name).model?.id).toBe('own-coder-7b')
    expect(engine.findModel('own-coder-7')).toEqual({ suggestions: expect.arrayContaining(['own-coder-7b']) })
    expect(engine.findModel('gpt-4o').model?.id).toBe('gpt-4o')
  })

  test('has the levels it was defined with', () => {
    const level = (feature: 'code-completion' | 'code-generation' | 'duo-chat') =>
      engine.compatibility({ model: 'own-coder-7b', feature, platform: 'vllm' }).level
    expect([level('code-completion'), level('code-generation'), level('duo-chat')]).toEqual(['full', 'partial', 'none'])
    const onBedrock = engine.compatibility({ model: 'own-coder-7b', feature: 'duo-chat', platform: 'bedrock' })
    expect(onBedrock.level).toBe('unlisted')
    expect(onBedrock.reasons.map(({ rule }) => rule)).toContain('platform-not-listed-for-model')
  })

  test('is judged in a configuration like any other', () => {
    const config = { deployments: { one: deployment() }, features: { 'code-completion': 'one', 'duo-chat': 'one' } }
    const report = engine.checkConfig(config)
    expect(report.findings.map(({ rule }) => rule)).toContain('feature-not-compatible')
    expect(report.deployments['one']?.features['code-completion']?.level).toBe('full')
    expect(engine.resolveConfiguration(deployment()).configuration?.deployments['default']).toMatchObject({
      modelId: 'own-coder-7b',
      servedModelName: 'example/Own-Coder-7B',
    })
    expect(checkConfig(config).findings.map(({ rule }) => rule)).toContain('model-not-listed')
  })

  test('is selected beside the documented ones', () => {
    const ids = engine.selectModels({ platform: 'triton' }).map(({ model }) => model.id)
    expect(ids).toEqual(['own-coder-7b'])
    expect(engine.selectModels({ feature: 'code-completion' }).length).toBeGreaterThan(1)
  })
})

describe('an own platform and an own GPU', () => {
  test('are known, whatever settings the platform has', () => {
    const config = {
      deployments: { one: { platform: 'triton', model: 'own-coder-7b', anything: { goes: 1 } } },
      features: { 'code-completion': 'one' },
    }
    expect(engine.checkConfig(config)).toMatchObject({ ok: true, verdict: 'compatible' })
    expect(checkConfig(config).findings.map(({ rule }) => rule)).toContain('platform-unknown')
    const own = { model: 'codestral-22b-v0.1', hardware: { gpu: 'own-gpu', gpuCount: 1 } }
    expect(rulesOf(deployment(own))).toContain('vram-below-minimum')
    expect(rulesOf(deployment(own))).not.toContain('gpu-unknown')
  })
})

describe('an own rule', () => {
  const noClouds = defineRule({
    id: 'no-cloud',
    severity: 'error',
    scope: 'model',
    description: 'Our code stays in our network.',
    sources: [],
    check: ({ platform }) =>
      platform === 'bedrock' ? { message: 'Bedrock is a cloud.', path: '/platform' } : undefined,
  })
  const strict = createRulesEngine({ rules: [noClouds] })
  const bedrock = {
    platform: 'bedrock',
    model: 'claude-3.7-sonnet',
    region: 'us-east-1',
    modelId: 'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
  }

  test('speaks in reports, in their verdicts and in compatibility', () => {
    const report = strict.checkConfig({ deployments: { one: bedrock }, features: { 'duo-chat': 'one' } })
    expect(report).toMatchObject({ ok: false, verdict: 'invalid' })
    expect(report.deployments['one']?.features['duo-chat']?.reasons.map(({ rule }) => rule)).toContain('no-cloud')
    const question = { model: 'claude-3.7-sonnet', feature: 'duo-chat', platform: 'bedrock' } as const
    expect(strict.compatibility(question).reasons.map(({ rule }) => rule)).toContain('no-cloud')
    expect(compatibility(question).reasons.map(({ rule }) => rule)).not.toContain('no-cloud')
  })

  test('that throws is reported by its id, without what it threw', () => {
    const broken = defineRule({
      ...noClouds,
      id: 'broken',
      scope: 'deployment',
      check: ({ settings }) => {
        throw new Error(String(settings.apiKey))
      },
    })
    const report = createRulesEngine({ rules: [broken] }).checkConfig(deployment({ apiKey: 'hunter2' }))
    expect(report.findings.find(({ rule }) => rule === 'broken')).toMatchObject({ severity: 'error' })
    expect(JSON.stringify(report)).not.toContain('hunter2')
  })
})

describe('what clashes is refused', () => {
  type Options = RulesEngineOptions<readonly ModelDefinition[], readonly PlatformDefinition[], readonly GpuDefinition[]>
  test.each<[string, Options, RegExp]>([
    ['a documented model', { models: [{ ...ownCoder, platforms: ['vllm'], id: 'gpt-4o' }] }, /gpt-4o.*catalog already/],
    ['a documented platform', { platforms: [{ id: 'vllm' }] }, /vllm.*catalog already/],
    ['a documented GPU', { gpus: [{ id: 'a100-80gb', memoryGB: 80 }] }, /a100-80gb.*catalog already/],
    ['a GPU without memory', { gpus: [{ id: 'x', memoryGB: 0 }] }, /memoryGB/],
    ['an unknown platform', { models: [ownCoder] }, /'triton'.*neither/],
    ['the other scale', { models: [{ ...ownCoder, platforms: [], status: 'experimental' as const }] }, /yes, no/],
    ['one id twice', { platforms: [{ id: 'a' }, { id: 'a' }] }, /defined twice/],
  ])('%s', (_name, options, message) => {
    expect(() => createRulesEngine(options)).toThrow(message)
  })
})

test('the extended catalog holds both, and two engines know nothing of each other', () => {
  expect(engine.catalog.models['own-coder-7b'].name).toBe('Own Coder 7B')
  expect(engine.catalog.gpus['own-gpu'].memoryGB).toBe(100)
  expect(engine.catalog.models['gpt-4o'].id).toBe('gpt-4o')
  expect(Object.hasOwn(createRulesEngine().catalog.models, 'own-coder-7b')).toBe(false)
})
