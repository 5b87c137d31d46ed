import { defineRule } from '../rule.js'

/** The models table of the release has no column that speaks of the feature. */
export const featureNotDocumented = defineRule({
  id: 'feature-not-documented',
  severity: 'info',
  scope: 'feature',
  verdict: 'unknown',
  description: 'The models table of the release has no column that speaks of the feature.',
  sources: [{ source: 'models-page-18.2', heading: 'Supported models' }],
  check: ({ feature, level, assertion, platform, release }) => {
    if (level !== 'unlisted' || assertion === undefined || assertion.lifecycle === 'compatible-only') return undefined
    const printed = !assertion.inferred?.includes('platforms')
    if (platform !== undefined && printed && !assertion.platforms.some((listed) => listed === platform))
      return undefined
    return {
      message: `The models table of GitLab ${release.viewRelease} has no column for ${feature.title}, so its quality with this model is not documented.`,
      fix: { description: 'Try it before you rely on it.' },
    }
  },
})
