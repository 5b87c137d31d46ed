import { compareGitLabVersions } from '../gitlab-version.js'
import { defineRule } from '../rule.js'

/** The time-out to the AI gateway can be set from GitLab 18.7 on. */
export const gatewayTimeoutNotInVersion = defineRule({
  id: 'gateway-timeout-not-in-version',
  severity: 'info',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.timeoutSeconds'],
  description: 'The time-out to the AI gateway can be set from GitLab 18.7 on.',
  sources: [{ source: 'configuration-page' }],
  check: ({ configuration, release, releaseStated }) => {
    const seconds = configuration.gitlab?.aiGateway?.timeoutSeconds
    if (seconds === undefined || !releaseStated || release.version === undefined) return undefined
    if (compareGitLabVersions(release.version, [18, 7, 0]) >= 0) return undefined
    return {
      message: `GitLab ${release.release} has no setting for this time-out; it came with 18.7.`,
      path: '/gitlab/aiGateway/timeoutSeconds',
      fix: { description: 'Remove it, or upgrade to GitLab 18.7.' },
    }
  },
})
