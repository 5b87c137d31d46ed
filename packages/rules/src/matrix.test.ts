import { expect, test } from 'vitest'
import { catalog } from './catalog/catalog.js'
import { compatibility } from './compatibility.js'
import { featureIds, featureName, modelIds, modelName, platformIds, supportLevel } from './matrix.js'

test('the ids are those of the catalog', () => {
  expect(modelIds).toEqual(Object.keys(catalog.models))
  expect(featureIds).toEqual(Object.keys(catalog.features))
  expect([...platformIds].sort()).toEqual(Object.keys(catalog.platforms).sort())
  expect(modelName('gpt-4o')).toBe(catalog.models['gpt-4o'].name)
  expect(featureName('duo-chat')).toBe(catalog.features['duo-chat'].title)
})

test.each([undefined, '16.0', '99.0', '19.x', ...Object.keys(catalog.releases)])(
  'every cell of release %s is that of compatibility()',
  (release) => {
    for (const model of modelIds)
      for (const feature of featureIds)
        for (const platform of [undefined, ...platformIds]) {
          const question = { model, feature, platform, release }
          if (supportLevel(question) !== compatibility(question).level) expect(question).toBe('the same in both')
        }
    expect(modelIds.length * featureIds.length).toBeGreaterThan(0)
  },
)

test('what is no id is unlisted', () => {
  for (const name of ['unheard', '__proto__', 'constructor', 'GPT-4o'])
    expect(supportLevel({ model: name as 'gpt-4o', feature: 'duo-chat' })).toBe('unlisted')
  expect(supportLevel({ model: 'gpt-4o', feature: 'toString' as 'duo-chat' })).toBe('unlisted')
})
