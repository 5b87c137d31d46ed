import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catalog, checkConfig, compatibility, type FamilyKey, type FeatureId, type ModelId } from '../src/index.js'
import { readTable, sectionOf } from './markdown-table.js'

const page = readFileSync(new URL('./fixtures/feature-settings.md', import.meta.url), 'utf8')
const states: Record<string, string> = {
  GA: 'generally-available',
  Beta: 'beta',
  BETA: 'beta',
  Experiment: 'experiment',
  experiment: 'experiment',
  beta: 'beta',
}
const familyOf = (keys: string | undefined) => (keys === '-' ? undefined : keys?.split(' '))

describe('feature settings', () => {
  const rows = readTable(sectionOf(page, 'Feature settings of self-hosted models'))

  test('every setting, version, state and family is the catalog, and the catalog holds nothing else', () => {
    const settings = Object.values(catalog.features).filter(({ kind }) => kind === 'setting')
    expect(rows.map((row) => row['Key']).sort()).toEqual(settings.map(({ id }) => id as string).sort())
    for (const row of rows) {
      const feature = catalog.features[row['Key'] as FeatureId]
      if (row['Since'] === 'not in 18.9') expect(feature).toMatchObject({ notYetIn: '18.9' })
      else expect(feature.since).toBe(row['Since'])
      const written = (row['State'] ?? '').split(', ').map((text) => states[text.split(' ')[0] ?? ''])
      expect(
        feature.states?.map(({ state }) => state),
        feature.id,
      ).toEqual(written)
      const families = (release: string) => feature.families?.find(({ since }) => since === release)?.keys
      expect(families('18.9'), feature.id).toEqual(familyOf(row['Families in 18.9']))
      expect(families('19.0') ?? families('18.10'), feature.id).toEqual(familyOf(row['Families in 19.x']))
    }
  })

  test('a column stands for its main setting', () => {
    for (const feature of Object.values(catalog.features)) {
      if (feature.setting === undefined) continue
      expect(catalog.features[feature.setting].column).toBe(feature.id)
      const gate = (id: FeatureId) =>
        compatibility({ model: 'gpt-5', feature: id, release: '18.9' }).productGate?.allowed
      expect(gate(feature.id)).toBe(gate(feature.setting))
    }
  })
})

test('families: number, state and tokens', () => {
  const rows = readTable(sectionOf(page, 'Families'))
  expect(Object.values(catalog.families)).toHaveLength(rows.length)
  for (const row of rows) {
    const output = row['Default max output']
    const family = catalog.families[row['Key'] as FamilyKey]
    expect(family.enumValue).toBe(Number(row['Enum value']))
    expect(family.state).toBe(states[row['State'] ?? ''])
    expect(family.contextTokens).toBe(Number(row['Context tokens']))
    expect(family.defaultMaxOutputTokens).toBe(output === 'none' ? undefined : Number(output))
  }
})

describe('productGate', () => {
  const gate = (model: ModelId, feature: FeatureId, release?: string) =>
    compatibility({ model, feature, release }).productGate

  test.each([
    ['claude-4.5-sonnet', 'duo_agent_platform', '18.9', true, 'generally-available'],
    ['mistral-small-24b-instruct-2506', 'duo_agent_platform', '18.9', false, 'generally-available'],
    ['mistral-small-24b-instruct-2506', 'duo_agent_platform', '19.x', true, 'generally-available'],
    ['llama-3.1-70b', 'agent-platform', '18.9', false, 'beta'],
    ['llama-3.1-70b', 'duo-chat', '18.9', true, 'beta'],
    ['codestral-22b-v0.1', 'duo_chat', '18.9', true, 'generally-available'],
    ['codestral-22b-v0.1', 'duo_chat_troubleshoot_job', '18.9', false, 'beta'],
    ['gpt-5', 'summarize_review', '18.9', true, 'experiment'],
    ['gpt-4o', 'duo-chat', '18.2', 'unknown', 'generally-available'],
    ['gpt-5', 'duo_agent_platform', '18.7', 'unknown', 'beta'],
    ['gpt-4o', 'review_merge_request', '18.2', false, 'unknown'],
    ['gpt-5', 'sast_vulnerability_resolution', '18.9', false, 'unknown'],
    ['gpt-5', 'sast_vulnerability_resolution', '19.x', true, 'beta'],
    ['glm-5.1-fp8', 'agent-platform', '19.x', 'unknown', 'generally-available'],
    ['any-openai-compatible', 'code-completion', '18.3', 'unknown', 'beta'],
  ] as const)('%s for %s in %s: %s, %s', (model, feature, release, allowed, state) => {
    expect(gate(model, feature, release)).toMatchObject({ allowed, state })
  })

  test('the layers disagree, and a result carries both', () => {
    const llama = compatibility({ model: 'llama-3.1-70b', feature: 'duo-chat', release: '18.9' })
    expect(llama).toMatchObject({ level: 'full', reasons: [] })
    expect(llama.productGate?.reasons).toMatchObject([{ rule: 'family-beta-in-product', severity: 'info' }])
    const mistral = compatibility({
      model: 'mistral-small-24b-instruct-2506',
      feature: 'agent-platform',
      release: '18.9',
    })
    expect(mistral).toMatchObject({ level: 'none', wording: 'Limited functionality' })
    expect(mistral.reasons.map(({ rule }) => rule)).toEqual(['feature-not-compatible'])
    expect(mistral.productGate?.reasons).toMatchObject([{ rule: 'family-not-allowed-for-feature', severity: 'error' }])
  })

  test('a family that the feature falls back for is allowed with a warning', () => {
    const verdict = gate('llama-3.1-70b', 'review_merge_request_dap', '19.x')
    expect(verdict?.allowed).toBe(true)
    expect(verdict?.reasons.map(({ rule, severity }) => [rule, severity])).toContainEqual([
      'family-not-allowed-for-feature',
      'warning',
    ])
  })

  test('there is none without a model or a table', () => {
    expect(gate('gpt-4o', 'duo-chat', '16.0')).toBeUndefined()
    expect(gate('no-such-model' as ModelId, 'duo-chat')).toBeUndefined()
  })
})

describe('entitlement', () => {
  const rules = (gitlab: object, features: object = {}) =>
    checkConfig({
      gitlab,
      deployments: {
        one: {
          platform: 'azure-openai',
          model: 'gpt-5',
          endpoint: 'https://x.openai.azure.com',
          deployment: 'gpt-5',
          apiVersion: '2024-10-21',
        },
      },
      features,
    })
      .findings.filter(({ rule }) => ['tier-not-entitled', 'add-on-missing'].includes(rule))
      .map(({ rule, path }) => [rule, path])

  test.each([
    [{ version: '17.11', tier: 'premium' }, {}, [['tier-not-entitled', '/gitlab/tier']]],
    [{ version: '18.0', tier: 'premium' }, {}, []],
    [{ tier: 'free' }, {}, [['tier-not-entitled', '/gitlab/tier']]],
    [
      { version: '18.9', tier: 'premium' },
      { resolve_vulnerability: 'one', duo_chat_explain_vulnerability: 'one', duo_chat: 'one' },
      [
        ['tier-not-entitled', '/features/resolve_vulnerability'],
        ['tier-not-entitled', '/features/duo_chat_explain_vulnerability'],
      ],
    ],
    [{ version: '18.9', tier: 'ultimate' }, { resolve_vulnerability: 'one' }, []],
    [{ version: '18.8', addOn: 'duo-pro' }, {}, [['add-on-missing', '/gitlab/addOn']]],
    [{ version: '18.8', addOn: 'duo-enterprise' }, {}, []],
    [{ version: '18.9', addOn: 'none' }, {}, []],
    [{ version: '18.9' }, { 'agent-platform': 'one' }, []],
    [
      { version: '18.9', offline: true, addOn: 'duo-enterprise' },
      { 'agent-platform': 'one' },
      [['add-on-missing', '/gitlab/addOn']],
    ],
    [{ version: '18.9', offline: true, addOn: 'duo-agent-platform-self-hosted' }, { duo_agent_platform: 'one' }, []],
    [{ version: '18.9', offline: true, addOn: 'none' }, { 'duo-chat': 'one' }, []],
  ])('%j with %j', (gitlab, features, expected) => {
    expect(rules(gitlab, features)).toEqual(expected)
  })
})

test('beta terms: declined, a beta feature and a beta family are errors; unstated, nothing is invented', () => {
  const rules = (gitlab: object, feature: string, model: string) =>
    checkConfig({
      gitlab: { version: '18.2', ...gitlab },
      deployments: { one: { platform: 'vllm', model, endpoint: 'http://gpu-1:8000/v1' } },
      features: { [feature]: 'one' },
    }).findings.map(({ rule }) => rule)
  const small = 'mistral-small-24b-instruct-2506'
  expect(rules({ betaFeatures: false }, 'duo_chat_troubleshoot_job', small)).toContain('beta-terms-not-accepted')
  expect(rules({ betaFeatures: false }, 'duo_chat', small)).toEqual(['feature-judged-by-column'])
  expect(rules({ betaFeatures: false }, 'duo_chat', 'llama-3.3-70b')).toContain('beta-terms-not-accepted')
  expect(rules({}, 'duo_chat_troubleshoot_job', small)).not.toContain('beta-terms-not-accepted')
  expect(rules({ betaFeatures: true }, 'duo_chat', 'llama-3.3-70b')).toEqual(['feature-judged-by-column'])
})

test('vLLM versions are held to the minimum of the release', () => {
  const rules = (server: string, version?: string) =>
    checkConfig({
      gitlab: { version },
      deployments: {
        one: {
          platform: 'vllm',
          model: 'codestral-22b-v0.1',
          endpoint: 'http://gpu-1:8000/v1',
          server: { version: server },
        },
      },
    }).findings.flatMap(({ rule, severity }) => (rule === 'vllm-below-minimum' ? [severity] : []))
  expect(rules('0.6.4', '18.10')).toEqual(['warning'])
  expect(rules('0.6.4.post1', '18.10')).toEqual([])
  expect(rules('0.18.0', '19.0')).toEqual(['warning'])
  expect(rules('0.18.1', '19.0')).toEqual([])
  expect(rules('0.18.0')).toEqual(['info'])
  expect(rules('0.6.4')).toEqual(['warning'])
})
