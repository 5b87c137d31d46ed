import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalog, checkConfig, compatibility, type ModelId, selectModels } from '../src/index.js'
import { readTable, sectionOf, type TableRow } from './markdown-table.js'

const views = ['17.9', '17.10', '18.0', '18.2', '18.3', '18.7', '18.9', '18.10', '19.x']
const columns = {
  'Code completion': 'code-completion',
  'Code generation': 'code-generation',
  Chat: 'duo-chat',
  'Agent Platform': 'agent-platform',
} as const
const platformIds: Record<string, string> = {
  vLLM: 'vllm',
  'AWS Bedrock': 'bedrock',
  'Azure OpenAI': 'azure-openai',
}
const levels: Record<string, string> = {
  Green: 'full',
  Amber: 'partial',
  Red: 'none',
  'Fully compatible': 'full',
  'Largely compatible': 'partial',
  'Not compatible': 'none',
  'Not applicable': 'not-applicable',
  'Full functionality': 'full',
  'Partial functionality': 'partial',
  'Limited functionality': 'none',
  Yes: 'yes',
  No: 'no',
}

const pageOf = (view: string) => readFileSync(new URL(`./fixtures/views/${view}.md`, import.meta.url), 'utf8')

function rowsOf(view: string, heading: string): TableRow[] {
  const page = pageOf(view)
  return page.includes(`## ${heading}\n`) ? readTable(sectionOf(page, heading)) : []
}

const id = (row: TableRow) => row['Id'] as ModelId
const reasonsOf = (verdict: ReturnType<typeof compatibility>) => verdict.reasons.map(({ rule }) => rule)

function expectCells(view: string, row: TableRow, status: string): void {
  for (const [title, feature] of Object.entries(columns)) {
    const verdict = compatibility({ model: id(row), feature, release: view })
    const cell = row[title]
    const where = `${id(row)} ${feature} ${view}`
    expect(verdict.level, where).toBe(cell === undefined ? 'unlisted' : levels[cell])
    expect(verdict.status, where).toBe(status)
    if (cell !== undefined) expect(verdict.wording, where).toBe(cell)
  }
}

function expectPlatforms(view: string, row: TableRow): void {
  const match = selectModels({ release: view }).find(({ model }) => model.id === id(row))
  const assertion = match?.model.assertions.findLast(
    ({ since }) => since === view || (view === '19.x' && since === '19.0'),
  )
  expect(assertion?.family, `${id(row)} ${view}`).toBe(row['Family'])
  expect(assertion?.name ?? match?.model.name).toBe(row['Model'])
  const printed = (row['Platforms'] ?? '').split(', ')
  const inferred = assertion?.inferred?.includes('platforms') === true
  expect(inferred, `${id(row)} ${view}`).toBe(printed[0] === 'not printed' || printed[0] === 'any')
  if (!inferred)
    expect([...(match?.platforms ?? []), ...(assertion?.otherPlatforms ?? [])].sort()).toEqual(
      printed.map((name) => platformIds[name] ?? name).sort(),
    )
}

describe.each(views)('the view of GitLab %s', (view) => {
  const supported = rowsOf(view, 'Supported models')
  const others = rowsOf(view, 'Experimental and beta models')
  const compatible = rowsOf(view, 'Compatible models')
  const all = [...supported, ...others, ...compatible]

  test('every cell of the page is the catalog', () => {
    expect(supported.length).toBeGreaterThanOrEqual(8)
    for (const row of supported) expectCells(view, row, 'generally-available')
    for (const row of others) expectCells(view, row, row['Status'] ?? '')
    for (const row of compatible) expectCells(view, row, 'beta')
    for (const row of all) expectPlatforms(view, row)
  })

  test('the catalog holds nothing else', () => {
    const matches = selectModels({ release: view })
    expect(matches.map(({ model }) => model.id).sort()).toEqual(all.map(id).sort())
    const compatibleOnly = matches.filter(({ lifecycle }) => lifecycle === 'compatible-only')
    expect(compatibleOnly.map(({ model }) => model.id).sort()).toEqual(compatible.map(id).sort())
    for (const model of Object.values(catalog.models)) {
      if (all.some((row) => id(row) === model.id)) continue
      const verdict = compatibility({ model: model.id, feature: 'code-completion', release: view })
      expect([verdict.level, verdict.lifecycle, reasonsOf(verdict)[0]]).toEqual([
        'unlisted',
        'unlisted',
        'model-not-listed',
      ])
    }
  })

  test('every verdict names the page of the view', () => {
    const release = view === '19.x' ? '19.0' : view
    for (const row of all) {
      const { sources } = compatibility({ model: id(row), feature: 'code-completion', release: view })
      expect(sources.map(({ source }) => source)).toEqual([`models-page-${release}`])
    }
  })
})

describe('release ranges', () => {
  const starts = ['17.9', '17.10', '18.0', '18.2', '18.3', '18.7', '18.9', '18.10', '19.0']
  const number = (version: string) => {
    const [major = 0, minor = 0] = version.split('.').map(Number)
    return major * 10_000 + minor
  }
  const answering = (release: string) =>
    compatibility({ model: 'gpt-4o', feature: 'duo-chat', release }).sources[0]?.release

  test('are half-open: each view answers from its release up to the next', () => {
    const version = fc.tuple(fc.integer({ min: 17, max: 25 }), fc.integer({ min: 0, max: 30 }), fc.nat({ max: 20 }))
    fc.assert(
      fc.property(version, fc.boolean(), ([major, minor, patch], withPatch) => {
        const release = `${major}.${minor}${withPatch ? `.${patch}` : ''}`
        const expected = starts.findLast((start) => number(start) <= number(release))
        expect(answering(release)).toBe(expected)
      }),
    )
  })

  test('begin exactly at their release', () => {
    expect(answering('17.8.99')).toBeUndefined()
    for (const [index, start] of starts.entries()) {
      expect(answering(start)).toBe(start)
      const next = starts[index + 1]?.split('.').map(Number)
      if (next?.[1] !== undefined && next[1] > 0) expect(answering(`${next[0]}.${next[1] - 1}.99`)).toBe(start)
    }
  })

  test('a newer release is never answered by an older view', () => {
    const version = fc.tuple(fc.integer({ min: 16, max: 21 }), fc.integer({ min: 0, max: 15 }))
    fc.assert(
      fc.property(version, version, (a, b) => {
        const [older, newer] = [a, b].sort((x, y) => x[0] - y[0] || x[1] - y[1]).map((pair) => pair.join('.'))
        expect(number(answering(older ?? '') ?? '0.0')).toBeLessThanOrEqual(number(answering(newer ?? '') ?? '0.0'))
      }),
    )
  })

  test('left out means the newest, and beyond the newest there is a note', () => {
    const question = { model: 'gpt-4o', feature: 'duo-chat' } as const
    expect(compatibility(question)).toBe(compatibility({ ...question, release: '19.0' }))
    expect(compatibility({ ...question, release: '19.x' }).sources).toEqual(compatibility(question).sources)
    expect(reasonsOf(compatibility({ ...question, release: '19.0.3' }))).toEqual([])
    expect(reasonsOf(compatibility({ ...question, release: '19.1' }))).toEqual(['version-newer-than-data'])
    expect(checkConfig({ gitlab: { version: '20.0' } })).toMatchObject({ ok: true, findings: [{ severity: 'info' }] })
  })

  test('an old release is told apart: no table, not generally available, no product', () => {
    const rules = (version: string) => checkConfig({ gitlab: { version } }).findings.map(({ rule }) => rule)
    expect(rules('17.9')).toEqual([])
    expect(rules('17.8')).toEqual(['version-older-than-data', 'version-not-ga'])
    expect(checkConfig({ gitlab: { version: '17.8' } }).ok).toBe(true)
    expect(checkConfig({ gitlab: { version: '17.0' } })).toMatchObject({ ok: false, verdict: 'unsupported-feature' })
  })

  test('many releases do not fill the memory, and each answer is shared', () => {
    for (let minor = 0; minor < 500; minor += 1) answering(`19.${minor}`)
    const question = { model: 'gpt-4o', feature: 'duo-chat', release: '18.2' } as const
    expect(compatibility(question)).toBe(compatibility(question))
  })
})

describe('lifecycle', () => {
  test.each([
    ['18.2', 'supported', undefined],
    ['18.3', 'deprecated', 'model-deprecated'],
    ['18.5', 'deprecated', 'model-deprecated'],
    ['18.6', 'compatible-only', 'model-compatible-only'],
    ['18.9', 'compatible-only', 'model-compatible-only'],
    ['18.10', 'unlisted', 'model-not-listed'],
    ['19.x', 'unlisted', 'model-not-listed'],
  ])('an early Mistral model in %s is %s', (release, lifecycle, reason) => {
    const verdict = compatibility({ model: 'mixtral-8x22b-it-v0.1', feature: 'code-generation', release })
    expect(verdict.lifecycle).toBe(lifecycle)
    const found = verdict.reasons.find(({ rule }) => rule === reason)
    expect(found === undefined).toBe(reason === undefined)
    if (reason !== undefined) expect(found?.fix?.description).toContain('mistral-small-24b-instruct-2506')
  })

  test('a model that its release does not list yet says from when on', () => {
    const verdict = compatibility({ model: 'gpt-5', feature: 'duo-chat', release: '18.3' })
    expect(verdict.reasons[0]?.fix?.description).toMatch(/from GitLab 18\.7 on/)
  })

  test('from 18.3 on any other model runs under the family general, without support', () => {
    const config = (version: string) => ({
      gitlab: { version },
      deployments: {
        one: { platform: 'vllm', model: 'my-own-model', modelFamily: 'general', endpoint: 'http://gpu-1:8000/v1' },
      },
    })
    const rules = (version: string) => checkConfig(config(version)).findings.map(({ rule }) => rule)
    expect(rules('18.2')).toContain('model-not-listed')
    expect(rules('18.3')).toContain('model-compatible-only')
    expect(checkConfig(config('18.3'))).toMatchObject({ ok: true, verdict: 'warning' })
  })

  test('compatible-only models have no level and never satisfy a feature', () => {
    for (const { verdicts } of selectModels({ lifecycle: 'compatible-only' }))
      for (const verdict of Object.values(verdicts)) expect(verdict.level).toBe('unlisted')
  })
})

describe('family keys', () => {
  test('that are a guess are marked', () => {
    const byBasis = (basis: string) =>
      Object.values(catalog.models).flatMap(({ id: model, familyKeyBasis }) =>
        familyKeyBasis === basis ? [model] : [],
      )
    expect(byBasis('assumed')).toEqual(['gemma-4-31b-it', 'glm-5.1-fp8', 'kimi-k2.5', 'kimi-k2.6', 'minimax-m2.7'])
    expect(byBasis('inferred')).toEqual(['mistral-medium-3.5-128b', 'qwen3.6-35b-a3b'])
  })
})

describe('wording and rank', () => {
  test('"Limited functionality" has the rank of "Not compatible", and keeps its wording', () => {
    const ask = (release: string) => compatibility({ model: 'llama-3-8b', feature: 'duo-chat', release })
    expect([ask('18.3').level, ask('18.3').wording]).toEqual(['none', 'Not compatible'])
    expect([ask('18.7').level, ask('18.7').wording]).toEqual(['none', 'Limited functionality'])
    expect(ask('18.7').reasons[0]?.message).toContain('"Limited functionality"')
  })

  test('a level that two places contradict says so', () => {
    const verdict = compatibility({ model: 'mixtral-8x22b-it-v0.1', feature: 'duo_chat', release: '17.9' })
    expect(verdict.level).toBe('full')
    const reason = verdict.reasons.find(({ rule }) => rule === 'level-source-conflict')
    expect(reason?.message).toMatch(/Green.*Limited compatibility/)
    expect(
      reasonsOf(compatibility({ model: 'mixtral-8x22b-it-v0.1', feature: 'code-completion', release: '17.9' })),
    ).toEqual([])
  })
})

describe('inferred platforms', () => {
  const ask = (platform: 'vllm' | 'azure-openai', release: string) =>
    compatibility({ model: 'gpt-4o', feature: 'duo-chat', platform, release })

  test('are noted and refuse nothing', () => {
    expect(ask('azure-openai', '18.9')).toMatchObject({ level: 'full', reasons: [] })
    expect(ask('azure-openai', '18.10')).toMatchObject({
      level: 'full',
      reasons: [{ rule: 'platform-inferred', severity: 'info' }],
    })
    expect(ask('vllm', '18.9')).toMatchObject({
      level: 'unlisted',
      reasons: [{ rule: 'platform-not-listed-for-model', severity: 'error' }],
    })
    expect(ask('vllm', '19.x')).toMatchObject({
      level: 'full',
      reasons: [{ rule: 'platform-inferred', severity: 'warning' }],
    })
  })

  test('a model for another cloud names it', () => {
    const verdict = compatibility({
      model: 'gemini-2.5-flash',
      feature: 'agent-platform',
      platform: 'vllm',
      release: '18.7',
    })
    expect(verdict.reasons[0]?.message).toContain('Google Vertex AI')
  })
})
