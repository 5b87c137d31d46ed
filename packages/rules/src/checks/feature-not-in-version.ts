import { featureExists } from '../product-gate.js'
import { defineRule } from '../rule.js'

/** The feature does not exist for self-hosted models in the stated GitLab release yet. */
export const featureNotInVersion = defineRule({
  id: 'feature-not-in-version',
  severity: 'error',
  scope: 'feature',
  verdict: 'unsupported-feature',
  description: 'The feature does not exist for self-hosted models in the stated GitLab release yet.',
  sources: [{ source: 'duo-self-hosted-index' }],
  check: ({ feature, release, releaseStated }) => {
    if (!releaseStated || featureExists(feature, release) !== false) return undefined
    const from = feature.since === undefined ? `after GitLab ${feature.notYetIn}` : `from GitLab ${feature.since} on`
    const first = feature.since === undefined ? `a release after ${feature.notYetIn}` : `GitLab ${feature.since}`
    return {
      message: `${feature.title} is there for self-hosted models ${from}, and the release is ${release.release}.`,
      fix: { description: `Upgrade to ${first}, or leave the feature out.` },
    }
  },
})
