import { factReference } from '../fact-reference.js'
import { releaseFacts } from '../release-selection.js'
import { defineRule } from '../rule.js'

/** GitLab Duo Self-Hosted is not generally available in the stated release. */
export const versionNotGa = defineRule({
  id: 'version-not-ga',
  severity: 'warning',
  scope: 'release',
  description: 'GitLab Duo Self-Hosted is not generally available in the stated release.',
  sources: [{ source: 'models-page-18.2' }],
  check: ({ release, releaseStated }) => {
    if (!releaseStated || release.version === undefined) return undefined
    const facts = releaseFacts(release)
    const fix = { description: 'Upgrade to GitLab 17.9 or newer.' }
    const path = '/gitlab/version'
    if (facts === undefined)
      return {
        message: `GitLab ${release.release} has no self-hosted models; they began as an experiment in 17.1.`,
        path,
        severity: 'error',
        verdict: 'unsupported-feature',
        fix,
      }
    if (facts.status === 'generally-available') return undefined
    return {
      message: `GitLab Duo Self-Hosted has the status ${facts.status} in GitLab ${release.release}; it is generally available from 17.9 on.`,
      path,
      fix,
      sources: [factReference(facts)],
    }
  },
})
