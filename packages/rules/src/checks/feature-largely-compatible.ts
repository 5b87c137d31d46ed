import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** The model supports the feature with compromises or limitations. */
export const featureLargelyCompatible = defineRule({
  id: 'feature-largely-compatible',
  severity: 'warning',
  scope: 'feature',
  verdict: 'compatible-with-limitations',
  description: 'The model supports the feature with compromises or limitations.',
  sources: [{ source: 'models-page-18.2', heading: 'Supported models' }],
  check: ({ level, assertion, model, feature, release, wording }) =>
    level !== 'partial' || assertion === undefined
      ? undefined
      : {
          message: `${model?.name} with ${feature.title}: GitLab ${release.viewRelease} says "${wording}". It works, with compromises or limitations.`,
          fix: { description: 'Choose a fully compatible model where quality matters.' },
          sources: [factReference(assertion)],
        },
})
