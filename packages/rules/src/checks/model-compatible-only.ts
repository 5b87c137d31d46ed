import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { assertionOf } from '../release-selection.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The model can be configured, but GitLab documents no quality for it and gives no support. */
export const modelCompatibleOnly = defineRule({
  id: 'model-compatible-only',
  severity: 'warning',
  scope: 'model',
  description: 'The model can be configured, but GitLab documents no quality for it and gives no support.',
  sources: [{ source: 'models-page-18.7', heading: 'Compatible models' }],
  check: ({ assertion, model, modelName, family, release }) => {
    // A model of any other name runs as the row of all OpenAI-compatible models, under the family general.
    const listing =
      assertion ??
      (model === undefined && family === 'general'
        ? assertionOf(catalog.models['any-openai-compatible'], release)
        : undefined)
    if (listing?.lifecycle !== 'compatible-only') return undefined
    const name = model?.name ?? (modelName === undefined ? 'A model of the family general' : showValue(modelName))
    const replacement = listing.replacement === undefined ? 'a supported model' : `'${listing.replacement}'`
    return {
      message: `${name} is compatible only in GitLab ${release.release}: it can be used, in beta, without documented quality and without support.`,
      path: modelName === undefined ? '/modelFamily' : '/model',
      fix: { description: `Use ${replacement} in production.` },
      sources: [factReference(listing)],
    }
  },
})
