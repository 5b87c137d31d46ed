import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** The feature does not apply to the model. */
export const featureNotApplicable = defineRule({
  id: 'feature-not-applicable',
  severity: 'error',
  scope: 'feature',
  verdict: 'not-applicable',
  description: 'The feature does not apply to the model.',
  sources: [{ source: 'models-page-18.2', heading: 'Supported models' }],
  check: ({ level, assertion, model, feature, release, wording }) =>
    level !== 'not-applicable' || assertion === undefined
      ? undefined
      : {
          message: `${model?.name} with ${feature.title}: GitLab ${release.viewRelease} says "${wording}".`,
          fix: { description: 'Route the feature to a model that it applies to.' },
          sources: [factReference(assertion)],
        },
})
