import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { rulePages } from '../scripts/generate-rule-pages.js'
import { ruleReasons } from '../scripts/rule-reasons.js'
import { builtInRules, catalog, checkConfig } from '../src/index.js'
import { ruleCases } from './rule-cases.js'

// Helpers that several checks share; everything else in the folder is one rule.
const helpers = [
  'deployment-scratch',
  'documented-hardware',
  'problems-among',
  'index',
  'endpoint',
  'bedrock-names',
  'identifier-fix',
]
const ids = builtInRules.map(({ id }) => id)
// What a configuration says about itself, and what everybody knows about addresses, rests on no page.
const withoutSource = [
  'deployment-unknown',
  'endpoint-has-credentials',
  'endpoint-repeated',
  'azure-endpoint-has-operation-path',
  'gateway-url-has-credentials',
  'model-name-look-alike',
  'route-repeats-deployment',
]

describe('rules', () => {
  test('every file is in the index under its own id, and the index has nothing else', () => {
    const files = readdirSync(new URL('../src/checks/', import.meta.url)).map((name) => name.replace(/\.ts$/, ''))
    expect(files.filter((name) => !helpers.includes(name)).sort()).toEqual([...ids].sort())
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('every rule has cases, and every case a rule', () => {
    expect(Object.keys(ruleCases).sort()).toEqual([...ids].sort())
  })

  test('every rule names a source that exists, or is excused', () => {
    for (const { id, sources } of builtInRules) {
      expect(sources.length === 0, id).toBe(withoutSource.includes(id))
      for (const { source } of sources) expect(Object.hasOwn(catalog.sources, source), `${id}: ${source}`).toBe(true)
    }
  })

  test.each(ids)('%s passes one configuration and fails another', (id) => {
    const rulesOf = (config: unknown) => checkConfig(config).findings.map(({ rule }) => rule)
    expect(rulesOf(ruleCases[id]?.passes)).not.toContain(id)
    expect(rulesOf(ruleCases[id]?.fails)).toContain(id)
  })

  test.each(ids)('%s says what to do, where, and shows every value that its patch touches', (id) => {
    const finding = checkConfig(ruleCases[id]?.fails).findings.find(({ rule }) => rule === id)
    expect(finding?.message).toMatch(/\.$/)
    expect(finding?.path).toMatch(/^(\/.*)?$/)
    if (finding?.severity !== 'info') expect(finding?.fix?.description).toMatch(/[.?]$/)
  })
})

describe('pages', () => {
  const folder = new URL('../../../docs/rules/', import.meta.url)
  const pages = rulePages()

  test('every rule has a page, and every page a rule', () => {
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort())
  })

  test.each([...pages])('%s is what its rule and case say (generate-rule-pages.ts writes it)', (name, text) => {
    expect(readFileSync(new URL(name, folder), 'utf8')).toBe(text)
  })

  test('every reason belongs to a rule, and every excuse to one without a source', () => {
    expect(Object.keys(ruleReasons).filter((id) => !ids.includes(id))).toEqual([])
    expect(withoutSource.filter((id) => !ids.includes(id))).toEqual([])
  })
})

describe('sources', () => {
  test('every source is used by a fact or a rule', () => {
    const { sources, ...facts } = { ...catalog }
    const text = JSON.stringify([facts, builtInRules])
    for (const id of Object.keys(sources)) expect(text, id).toMatch(new RegExp(`ource":"${id}"`))
  })
})
