import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'
import type { PlatformId } from '../vocabulary.js'

/** The release does not list this platform for the model. */
export const platformNotListedForModel = defineRule({
  id: 'platform-not-listed-for-model',
  severity: 'error',
  scope: 'model',
  verdict: 'unsupported-platform',
  description: 'The release does not list this platform for the model.',
  sources: [{ source: 'models-page-18.2', heading: 'Supported models' }],
  check: ({ assertion, model, platform, release }) => {
    if (assertion === undefined || model === undefined || platform === undefined) return undefined
    if (!isDocumented(platform) || assertion.platforms.includes(platform)) return undefined
    // What a page does not print it does not refuse: see platform-inferred.
    if (assertion.inferred?.includes('platforms')) return undefined
    const names = [...assertion.platforms.map((id) => catalog.platforms[id].name), ...(assertion.otherPlatforms ?? [])]
    const listed = names.join(' and ')
    return {
      message: `GitLab ${release.viewRelease} lists ${model.name} for ${listed}, not for ${catalog.platforms[platform].name}.`,
      path: '/platform',
      fix: {
        description: `Serve it on ${listed}, or choose a model that is listed for ${catalog.platforms[platform].name}.`,
      },
      sources: [factReference(assertion)],
    }
  },
})

function isDocumented(platform: string): platform is PlatformId {
  return Object.hasOwn(catalog.platforms, platform)
}
