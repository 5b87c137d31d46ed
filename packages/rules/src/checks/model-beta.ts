import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** The model has beta status: configurable, under evaluation, and without GitLab’s promise. */
export const modelBeta = defineRule({
  id: 'model-beta',
  severity: 'warning',
  scope: 'model',
  verdict: 'experimental',
  description: 'The model has beta status: configurable, under evaluation, and without GitLab’s promise.',
  sources: [{ source: 'models-page-17.10', heading: 'Experimental and beta models' }],
  check: ({ assertion, model, release }) =>
    assertion?.status !== 'beta' || assertion.lifecycle === 'compatible-only'
      ? undefined
      : {
          message: `${model?.name ?? 'The model'} is in beta in GitLab ${release.viewRelease}: its table says whether a feature can be configured, not how well it works.`,
          path: '/model',
          fix: { description: 'Use a generally available model in production.' },
          sources: [factReference(assertion)],
        },
})
