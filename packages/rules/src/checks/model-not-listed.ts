import { findModel } from '../find-model.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The model is not in the models table of the release. */
export const modelNotListed = defineRule({
  id: 'model-not-listed',
  severity: 'error',
  scope: 'model',
  verdict: 'unsupported-model',
  description: 'The model is not in the models table of the release.',
  sources: [{ source: 'models-page-18.2', heading: 'Supported models' }],
  check: ({ modelName, model, assertion, release }) => {
    if (modelName === undefined || assertion !== undefined || release.view === undefined) return undefined
    if (model !== undefined)
      return { message: `The page of GitLab ${release.viewRelease} does not list ${model.name}.`, path: '/model' }
    const suggestions = findModel(modelName).suggestions ?? []
    const description =
      suggestions.length === 0
        ? 'Choose a model of the catalog.'
        : `Did you mean ${suggestions.map((id) => `'${id}'`).join(' or ')}?`
    return { message: `${showValue(modelName)} is no model of the catalog.`, path: '/model', fix: { description } }
  },
})
