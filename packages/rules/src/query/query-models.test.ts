import { describe, expect, test } from 'vitest'
import { selectModels } from '../select-models.js'
import { queryModels } from './query-models.js'

const ids = (query: string) => queryModels(query).map(({ model }) => model.id)
const selected = (filter: Parameters<typeof selectModels>[0]) => selectModels(filter).map(({ model }) => model.id)

describe('queryModels', () => {
  test('every model', () => {
    expect(ids('model *')).toEqual(selected({}))
    expect(ids('model * and release 16.0')).toEqual([])
  })

  test('answers as selectModels does', () => {
    expect(queryModels('feature code-completion and platform vllm and at least full and release 18.2')).toEqual(
      selectModels({ feature: 'code-completion', platform: 'vllm', atLeast: 'full', release: '18.2' }),
    )
    expect(ids('platform azure-openai and feature duo-chat and level full and release 18.2')).toEqual(['gpt-4o'])
    expect(ids('feature duo-chat and status experimental and release 18.2')).toEqual(
      selected({ feature: 'duo-chat', status: 'experimental', release: '18.2' }),
    )
    expect(ids('level >= partial and release 18.2')).toEqual(selected({ atLeast: 'partial', release: '18.2' }))
    expect(queryModels('fits 2 a100-80gb')).toEqual(selectModels({ fitsOn: { gpu: 'a100-80gb', gpuCount: 2 } }))
    expect(queryModels('gpu a100-80gb x 2')).toEqual(queryModels('fits 2 a100-80gb'))
  })

  test('a level speaks of the features beside it, through parentheses too', () => {
    const both = ids('(feature code-completion or feature duo-chat) and level full and release 18.2')
    const apart = ids(
      'feature code-completion and level full and release 18.2, feature duo-chat and level full and release 18.2',
    )
    expect(both).toEqual(apart)
    expect(both).toContain('codestral-22b-v0.1')
    expect(ids('feature duo-chat and (level none or level not-applicable) and release 18.2')).toContain(
      'codestral-22b-v0.1',
    )
  })

  test('without a level, a feature has to be served', () => {
    expect(ids('feature duo-chat and release 18.2')).not.toContain('codestral-22b-v0.1')
    expect(ids('feature duo-chat and release 18.2')).toEqual(selected({ feature: 'duo-chat', release: '18.2' }))
  })

  test('not is everything else of the same release and platform', () => {
    const served = ids('feature duo-chat and release 18.2')
    const rest = ids('not feature duo-chat and release 18.2')
    expect([...served, ...rest].sort()).toEqual(ids('release 18.2').sort())
    expect(ids('feature duo-chat and not level full and release 18.2')).toEqual(
      ids('feature duo-chat and (level partial or level yes) and release 18.2'),
    )
  })

  test('several features all have to hold', () => {
    const both = ids('feature code-completion and feature duo-chat and level full and release 18.2')
    expect(both).toEqual(
      ids('feature code-completion and level full and release 18.2').filter((id) =>
        ids('feature duo-chat and level full and release 18.2').includes(id),
      ),
    )
    expect(both.length).toBeGreaterThan(0)
  })

  test('names, families and patterns', () => {
    expect(ids('model "mistralai/Codestral-22B-v0.1"')).toEqual(['codestral-22b-v0.1'])
    expect(ids('model llama-3.1-* and release 18.2')).toEqual(['llama-3.1-70b', 'llama-3.1-8b'])
    expect(ids('family GPT and release 18.2')).toEqual(['gpt-4-turbo', 'gpt-4o', 'gpt-4o-mini'])
    expect(ids('model no-such-*')).toEqual([])
  })

  test('a query with too many combinations is refused instead of answered late', () => {
    const wide = Array.from({ length: 12 }, () => '(level full or level yes)').join(' and ')
    expect(() => queryModels(wide)).toThrow(/too many combinations/)
    const deep = (depth: number): string =>
      depth === 0 ? 'model x*' : `${'(model * or model ?*) and '.repeat(7)}not (${deep(depth - 1)})`
    expect(() => queryModels(deep(4))).toThrow(/too many combinations/)
  })
})
