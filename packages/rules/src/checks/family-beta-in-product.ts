import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** GitLab marks the model family as beta and hides it until the terms for beta features are accepted. */
export const familyBetaInProduct = defineRule({
  id: 'family-beta-in-product',
  severity: 'info',
  scope: 'model',
  layer: 'product',
  description: 'GitLab marks the model family as beta and hides it until the terms for beta features are accepted.',
  sources: [{ source: 'self-hosted-model-class' }],
  check: ({ family: key, model, assertion, gitlab }) => {
    const family = key === undefined ? undefined : catalog.families[key]
    if (family === undefined || family.state === 'generally-available' || gitlab?.betaFeatures === true)
      return undefined
    const contrast =
      assertion?.status === 'generally-available'
        ? ', although the documentation calls the model generally available'
        : ''
    return {
      message: `GitLab offers the family '${family.id}'${model === undefined ? '' : ` of ${model.name}`} as ${family.state}${contrast}.`,
      path: key === model?.familyKey ? '/model' : '/modelFamily',
      fix: { description: 'Tick "Use beta models and features" in the GitLab Duo settings.' },
      sources: [factReference(family)],
    }
  },
})
