import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** The documentation calls the model not compatible with the feature, and GitLab gives no support for it. */
export const featureNotCompatible = defineRule({
  id: 'feature-not-compatible',
  severity: 'error',
  scope: 'feature',
  verdict: 'not-compatible',
  description: 'The documentation calls the model not compatible with the feature, and GitLab gives no support for it.',
  sources: [{ source: 'models-page-18.2', heading: 'Supported models' }],
  check: ({ level, assertion, model, feature, release, wording }) =>
    level !== 'none' || assertion === undefined
      ? undefined
      : {
          message: `${model?.name} with ${feature.title}: GitLab ${release.viewRelease} says "${wording}". The model is unsuitable, and GitLab gives no support for this feature with it.`,
          fix: { description: 'Route the feature to a model that is fully or largely compatible.' },
          sources: [factReference(assertion)],
        },
})
