import { compareGitLabVersions, parseGitLabVersion } from '../gitlab-version.js'
import { defineRule } from '../rule.js'

/** The feature does not exist for self-hosted models in the stated GitLab release yet. */
export const featureNotInVersion = defineRule({
  id: 'feature-not-in-version',
  severity: 'error',
  scope: 'feature',
  verdict: 'unsupported-feature',
  description: 'The feature does not exist for self-hosted models in the stated GitLab release yet.',
  sources: [{ source: 'feature-settings' }],
  check: ({ feature, release, releaseStated }) => {
    const since = feature.since === undefined ? undefined : parseGitLabVersion(feature.since)
    if (!releaseStated || since === undefined || release.version === undefined) return undefined
    if (compareGitLabVersions(release.version, since) >= 0) return undefined
    return {
      message: `${feature.title} is there for self-hosted models from GitLab ${feature.since} on, and the release is ${release.release}.`,
      fix: { description: `Upgrade to GitLab ${feature.since}, or leave the feature out.` },
    }
  },
})
