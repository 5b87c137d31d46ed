import { productFacts } from '../product-gate.js'
import { defineRule } from '../rule.js'

/** The feature or the model family is beta or experiment, and the terms for beta features are not accepted. */
export const betaTermsNotAccepted = defineRule({
  id: 'beta-terms-not-accepted',
  severity: 'error',
  scope: 'feature',
  layer: 'product',
  description:
    'The feature or the model family is beta or experiment, and the terms for beta features are not accepted.',
  sources: [{ source: 'feature-setting-class' }, { source: 'self-hosted-model-class' }],
  check: ({ feature, family: key, release, gitlab }) => {
    if (gitlab?.betaFeatures !== false) return undefined
    const { setting, featureState, family } = productFacts(feature, key, release)
    const subjects: string[] = []
    if (featureState === 'beta' || featureState === 'experiment')
      subjects.push(`${setting.title} (${setting.id}) is in ${featureState}`)
    if (family?.state === 'beta') subjects.push(`the model family '${family.id}' is in beta`)
    if (subjects.length === 0) return undefined
    return {
      message: `GitLab does not offer this without accepted beta terms: ${subjects.join(', and ')}.`,
      fix: {
        description:
          'Tick "Use beta models and features" in the GitLab Duo settings, then set gitlab.betaFeatures to true.',
      },
    }
  },
})
