import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** The page of the release prints no platforms; those of an older page are carried over and refuse nothing. */
export const platformInferred = defineRule({
  id: 'platform-inferred',
  severity: 'info',
  scope: 'model',
  description:
    'The page of the release prints no platforms; those of an older page are carried over and refuse nothing.',
  sources: [{ source: 'models-page-18.10', heading: 'Supported models' }],
  check: ({ assertion, model, platform, release, releaseStated }) => {
    if (assertion === undefined || model === undefined || platform === undefined) return undefined
    if (!assertion.inferred?.includes('platforms') || !Object.hasOwn(catalog.platforms, platform)) return undefined
    const known = assertion.platforms.some((id) => id === platform)
    // Who states no release asks about the platform as such, and it is a known one.
    if (known && !releaseStated) return undefined
    const names = [...assertion.platforms.map((id) => catalog.platforms[id].name), ...(assertion.otherPlatforms ?? [])]
    const inferred = `The page of GitLab ${release.viewRelease} prints no platforms; ${model.name} is known for ${names.join(' and ')}.`
    return {
      message: known ? inferred : `${inferred} No page names the platform ${platform} for it.`,
      path: '/platform',
      severity: known ? 'info' : 'warning',
      fix: {
        description: known ? 'Nothing to do.' : `Serve it on ${names.join(' or ')}, or try it before you rely on it.`,
      },
      sources: [factReference(assertion)],
    }
  },
})
