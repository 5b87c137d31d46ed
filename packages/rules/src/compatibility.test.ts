import { describe, expect, test } from 'vitest'
import { catalog } from './catalog/catalog.js'
import { compatibility } from './compatibility.js'

const reasonsOf = (verdict: ReturnType<typeof compatibility>) => verdict.reasons.map(({ rule }) => rule)
// What a caller without types may ask.
const ask = (question: Record<string, unknown>) =>
  compatibility(question as unknown as Parameters<typeof compatibility>[0])

describe('compatibility', () => {
  test('a full cell has no reasons, and names its source', () => {
    const verdict = compatibility({ model: 'gpt-4o', feature: 'duo-chat', platform: 'azure-openai', release: '18.2' })
    expect(verdict).toMatchObject({ level: 'full', status: 'generally-available', reasons: [] })
    expect(verdict.sources).toMatchObject([
      { source: 'models-page-18.2', heading: 'Supported models', release: '18.2' },
    ])
  })

  test('answers the same frozen value every time', () => {
    const question = { model: 'llama-3-8b', feature: 'duo-chat' } as const
    const verdict = compatibility(question)
    expect(compatibility(question)).toBe(verdict)
    expect(Object.isFrozen(verdict) && Object.isFrozen(verdict.reasons) && Object.isFrozen(verdict.reasons[0])).toBe(
      true,
    )
  })

  test.each([
    ['mistral-7b-it-v0.3', 'duo-chat', 'none', 'feature-not-compatible'],
    ['codestral-22b-v0.1', 'duo-chat', 'not-applicable', 'feature-not-applicable'],
    ['llama-3.1-8b', 'duo-chat', 'partial', 'feature-largely-compatible'],
    ['codegemma-2b', 'code-generation', 'no', 'feature-not-offered'],
    ['codegemma-2b', 'code-completion', 'yes', 'model-experimental'],
  ] as const)('%s with %s is %s because of %s', (model, feature, level, reason) => {
    const verdict = compatibility({ model, feature, release: '18.2' })
    expect(verdict.level).toBe(level)
    expect(reasonsOf(verdict)).toContain(reason)
  })

  test('a setting key has the level of its column, and says so', () => {
    const verdict = compatibility({ model: 'llama-3-70b', feature: 'duo_chat_explain_code' })
    expect(verdict.level).toBe('none')
    expect(reasonsOf(verdict)).toContain('feature-judged-by-column')
    for (const feature of Object.values(catalog.features)) {
      if (feature.column !== 'code-completion') continue
      const { level } = compatibility({ model: 'llama-3-70b', feature: feature.id })
      expect(level).toBe(compatibility({ model: 'llama-3-70b', feature: 'code-completion' }).level)
    }
  })

  test('a feature without a column is unlisted, whatever the model', () => {
    for (const feature of ['generate_commit_message', 'agent-platform'] as const) {
      const verdict = compatibility({ model: 'gpt-4o', feature, release: '18.2' })
      expect(verdict.level).toBe('unlisted')
      expect(reasonsOf(verdict)).toContain('feature-not-documented')
    }
    expect(reasonsOf(compatibility({ model: 'gpt-4o', feature: 'agent-platform', release: '18.2' }))).toContain(
      'feature-not-in-version',
    )
  })

  test('a platform that is not listed for the model is unlisted', () => {
    const verdict = compatibility({ model: 'gpt-4o', feature: 'duo-chat', platform: 'vllm', release: '18.2' })
    expect(verdict.level).toBe('unlisted')
    expect(reasonsOf(verdict)).toEqual(['platform-not-listed-for-model'])
  })

  test('other names of a model work', () => {
    expect(ask({ model: 'mistralai/Codestral-22B-v0.1', feature: 'code-completion' }).level).toBe('full')
  })

  test.each([
    [{ model: 'gpt-6', feature: 'duo-chat' }, 'model-not-listed'],
    [{ model: 'gpt-5', feature: 'duo-chat', release: '18.2' }, 'model-not-listed'],
    [{ model: 'gpt-4o', feature: 'chat' }, 'feature-unknown'],
    [{ model: 'gpt-4o', feature: '__proto__' }, 'feature-unknown'],
    [{ model: 'constructor', feature: 'duo-chat' }, 'model-not-listed'],
    [{ model: 'gpt-4o', feature: 'duo-chat', release: 'newest' }, 'version-older-than-data'],
    [{ model: 'gpt-4o', feature: 'duo-chat', release: '17.0' }, 'version-older-than-data'],
    [{ model: 'gpt-4o', feature: undefined }, 'feature-unknown'],
  ])('%j is unlisted because of %s', (question, reason) => {
    const verdict = ask(question)
    expect(verdict.level).toBe('unlisted')
    expect(reasonsOf(verdict)).toContain(reason)
  })

  test('a release newer than the data is answered by the newest table, with a note', () => {
    const verdict = compatibility({ model: 'gpt-4o', feature: 'duo-chat', release: '99.1' })
    expect(verdict.level).toBe('full')
    expect(reasonsOf(verdict)).toEqual(['version-newer-than-data'])
  })
})
