import { describe, expect, test } from 'vitest'
import { catalog } from './catalog/catalog.js'
import { selectModels } from './select-models.js'

const ids = (filter: Parameters<typeof selectModels>[0]) => selectModels(filter).map(({ model }) => model.id)

describe('selectModels', () => {
  test('without a filter gives every model that the newest release lists', () => {
    expect(ids({})).toHaveLength(36)
    expect(ids({})).toEqual(ids({ release: '19.x' }))
    expect(Object.keys(catalog.models).filter((id) => !ids({}).includes(id as never))).toHaveLength(10)
    expect(ids({ release: '18.2' })).toHaveLength(22)
    expect(selectModels()[0]?.verdicts['duo-chat']).toBeDefined()
  })

  test('by lifecycle', () => {
    expect(ids({ release: '18.3', lifecycle: 'deprecated' })).toEqual([
      'mistral-7b-it-v0.2',
      'mistral-7b-it-v0.3',
      'mixtral-8x22b-it-v0.1',
      'mixtral-8x7b-it-v0.1',
    ])
    expect(ids({ lifecycle: 'compatible-only', feature: 'code-completion' })).toEqual([])
    expect(ids({ lifecycle: 'compatible-only' })).toContain('any-openai-compatible')
  })

  test('by platform, feature and status', () => {
    expect(ids({ platform: 'azure-openai', release: '18.2' })).toEqual(['gpt-4-turbo', 'gpt-4o', 'gpt-4o-mini'])
    expect(ids({ platform: 'azure-openai', feature: 'duo-chat', atLeast: 'full', release: '18.2' })).toEqual(['gpt-4o'])
    expect(ids({ feature: 'duo-chat', status: 'experimental', release: '18.2' })).toEqual(['mistral-7b-it-v0.2'])
  })

  test('a scale never selects from the other', () => {
    for (const { model, status } of selectModels({ feature: 'code-completion', atLeast: 'none', release: '18.2' }))
      expect(status, model.id).toBe('generally-available')
    for (const { model, status } of selectModels({ feature: 'code-completion', atLeast: 'no', release: '18.2' }))
      expect(status, model.id).toBe('experimental')
  })

  test('fitsOn uses documented rows only and says unknown otherwise', () => {
    const matches = selectModels({ fitsOn: { gpu: 'a100-80gb', gpuCount: 2 }, release: '18.2' })
    const fitOf = (id: string) => matches.find(({ model }) => model.id === id)?.fit
    expect(fitOf('codestral-22b-v0.1')).toBe('fits')
    expect(fitOf('mixtral-8x7b-it-v0.1')).toBe('source-conflict')
    expect(fitOf('llama-3.1-70b')).toBe('unknown')
    expect(fitOf('mixtral-8x22b-it-v0.1')).toBeUndefined()
    expect(fitOf('gpt-4o')).toBeUndefined()
    expect(selectModels({ fitsOn: { gpu: 'no-such-gpu', gpuCount: 1 } }).every(({ fit }) => fit === 'unknown')).toBe(
      true,
    )
  })

  test('a release without a table has no models', () => {
    expect(ids({ release: '16.0' })).toEqual([])
    expect(ids({ release: 'newest' })).toEqual([])
  })
})
