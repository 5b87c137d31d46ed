import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asciiLowerCase } from './ascii-lower-case.js'
import { findModel } from './find-model.js'
import { findGpu } from './hardware-facts.js'

test('ASCII letters fold and nothing else does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const folded = asciiLowerCase(text)
      expect(folded).toHaveLength(text.length)
      for (let index = 0; index < text.length; index += 1) {
        const [before, after] = [text.charCodeAt(index), folded.charCodeAt(index)]
        expect(after).toBe(before >= 65 && before <= 90 ? before + 32 : before)
      }
    }),
  )
})

test('the Kelvin sign makes no model and no GPU of a look-alike', () => {
  const name = 'kimi-k2.5'
  expect(findModel(name.toUpperCase()).model?.id).toBe(name)
  expect(findModel(name.replace('k', '\u212a')).model).toBeUndefined()
  expect(findModel(name.replace('k', '\u212a')).suggestions).toContain(name)
  expect(findGpu('A100-80GB')).toBe(findGpu('a100-80gb'))
})
