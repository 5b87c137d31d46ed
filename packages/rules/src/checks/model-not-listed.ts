import { catalog } from '../catalog/catalog.js'
import type { CatalogModel } from '../catalog/catalog-model.js'
import { builtInLookup } from '../catalog-lookup.js'
import { factReference } from '../fact-reference.js'
import { assertionOf, listingOf, type ReleaseSelection } from '../release-selection.js'
import { defineRule, type Problem } from '../rule.js'
import { showValue } from '../show-value.js'

/** The model is not in the models table of the release. */
export const modelNotListed = defineRule({
  id: 'model-not-listed',
  severity: 'error',
  scope: 'model',
  verdict: 'unsupported-model',
  description: 'The model is not in the models table of the release.',
  sources: [{ source: 'models-page-18.2', heading: 'Supported models' }],
  check: ({ modelName, model, family, assertion, release, lookup = builtInLookup }) => {
    if (modelName === undefined || assertion !== undefined || release.view === undefined) return undefined
    if (model !== undefined) return dropped(model, release)
    const anyModel = assertionOf(catalog.models['any-openai-compatible'], release)
    // Without a place in the table it still runs under the family general: see model-compatible-only.
    if (family === 'general' && anyModel !== undefined) return undefined
    const suggestions = lookup.suggestModels(modelName)
    const near =
      suggestions.length === 0
        ? 'Choose a model of the catalog.'
        : `Did you mean ${suggestions.map((id) => `'${id}'`).join(' or ')}?`
    const general =
      anyModel === undefined ? '' : ' Or state modelFamily general: any OpenAI-compatible model, unsupported.'
    return {
      message: `${showValue(modelName)} is no model of the catalog.`,
      path: '/model',
      fix: { description: near + general },
    }
  },
})

function dropped(model: CatalogModel, release: ReleaseSelection): Problem {
  const { removal } = listingOf(model, release)
  const message = `The page of GitLab ${release.viewRelease} does not list ${model.name}.`
  if (removal === undefined) return { message, path: '/model', fix: { description: `Upgrade: ${firstListing(model)}` } }
  const replacement = removal.replacement === undefined ? 'a model of that page' : `'${removal.replacement}'`
  return {
    message: `${message} It is gone since ${removal.since}.`,
    path: '/model',
    fix: { description: `Use ${replacement}, or state gitlab.version when GitLab is older than ${removal.since}.` },
    sources: [factReference(removal)],
  }
}

function firstListing({ assertions }: CatalogModel): string {
  return `it is listed from GitLab ${assertions[0]?.since ?? ''} on.`
}
