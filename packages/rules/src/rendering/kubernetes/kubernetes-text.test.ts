import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expandVariables } from '../../../test/rendering/expand-variables.js'
import { kubernetesText } from './kubernetes-text.js'

const dollars = fc.array(fc.constantFrom('$', '$$', '$(', '(A)', 'A', ')', '${A}', '$(A)', ' ', '$@'), { maxLength: 8 })

test('no text is taken for a variable', () => {
  const variables = new Map([['A', 'replaced']])
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        dollars.map((parts) => parts.join('')),
      ),
      (text) => {
        expect(expandVariables(kubernetesText(text), variables)).toBe(text)
      },
    ),
    { numRuns: 500 },
  )
})

test('what Kubernetes leaves alone stays readable', () => {
  expect(kubernetesText('exec vllm serve "$@" ${A}')).toBe('exec vllm serve "$@" ${A}')
  expect(kubernetesText('$(A)')).toBe('$$(A)')
})
