import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** The experimental model cannot be configured for the feature. */
export const featureNotOffered = defineRule({
  id: 'feature-not-offered',
  severity: 'error',
  scope: 'feature',
  verdict: 'not-offered',
  description: 'The experimental model cannot be configured for the feature.',
  sources: [{ source: 'models-page-18.2', heading: 'Experimental and beta models' }],
  check: ({ level, assertion, model, feature, release, wording }) =>
    level !== 'no' || assertion === undefined
      ? undefined
      : {
          message: `${model?.name} with ${feature.title}: GitLab ${release.viewRelease} says "${wording}". This experimental model is not configurable for it.`,
          fix: { description: 'Route the feature to a model whose table says Yes or Fully compatible.' },
          sources: [factReference(assertion)],
        },
})
