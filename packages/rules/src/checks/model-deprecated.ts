import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** GitLab has announced the end of its support for the model. */
export const modelDeprecated = defineRule({
  id: 'model-deprecated',
  severity: 'warning',
  scope: 'model',
  description: 'GitLab has announced the end of its support for the model.',
  sources: [{ source: 'early-mistral-deprecation' }],
  check: ({ assertion, model }) => {
    if (assertion?.lifecycle !== 'deprecated' || model === undefined) return undefined
    const end = model.assertions.find(({ lifecycle }) => lifecycle === 'compatible-only')?.since
    const inferred = assertion.inferred?.includes('lifecycle') ? ' That it is meant is inferred.' : ''
    return {
      message: `${model.name} is deprecated${end === undefined ? '' : `: GitLab ends its support with ${end}`}.${inferred}`,
      path: '/model',
      fix: {
        description: `Move to ${assertion.replacement === undefined ? 'a supported model' : `'${assertion.replacement}'`}.`,
      },
      sources: [factReference(assertion), factReference({ source: 'early-mistral-deprecation' })],
    }
  },
})
