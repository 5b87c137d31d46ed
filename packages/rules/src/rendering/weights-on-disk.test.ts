import { expect, test } from 'vitest'
import { weightsOnDiskGiB } from './weights-on-disk.js'

test.each([
  // Published parameter counts at two bytes each; of gpt-oss what its guide states.
  ['mistral-7b-it-v0.3', 13.5],
  ['mixtral-8x7b-it-v0.1', 87],
  ['llama-3.1-70b', 131.4],
  ['gpt-oss-120b', 60.8],
] as const)('%s takes %d GiB', (model, gib) => {
  expect(Math.abs((weightsOnDiskGiB(model) ?? 0) / gib - 1)).toBeLessThan(0.02)
})

test('nothing is said about a model of unknown shape', () => {
  expect(weightsOnDiskGiB(undefined)).toBeUndefined()
  expect(weightsOnDiskGiB('gpt-4o')).toBeUndefined()
})
