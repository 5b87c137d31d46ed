import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** The model is experimental: configurable, under evaluation, and without GitLab’s promise. */
export const modelExperimental = defineRule({
  id: 'model-experimental',
  severity: 'warning',
  scope: 'model',
  verdict: 'experimental',
  description: 'The model is experimental: configurable, under evaluation, and without GitLab’s promise.',
  sources: [{ source: 'models-page-18.2', heading: 'Experimental and beta models' }],
  check: ({ assertion, model }) =>
    assertion?.status !== 'experimental'
      ? undefined
      : {
          message: `${model?.name ?? 'The model'} is in experimental status: its table says whether a feature can be configured, not how well it works.`,
          path: '/model',
          fix: { description: 'Use a generally available model in production.' },
          sources: [factReference(assertion)],
        },
})
