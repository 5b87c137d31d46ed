import { environmentOf, variable } from '../gateway-environment.js'
import { compareGitLabVersions } from '../gitlab-version.js'
import { defineRule } from '../rule.js'

/** Amazon Bedrock API keys are documented from GitLab 18.9 on. */
export const awsBearerTokenNotInVersion = defineRule({
  id: 'aws-bearer-token-not-in-version',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['bedrock'],
  description: 'Amazon Bedrock API keys are documented from GitLab 18.9 on.',
  sources: [{ source: 'platforms-page-18.9' }],
  check: ({ platform, settings, gitlab, release, releaseStated }) => {
    if (platform !== 'bedrock' || !releaseStated || release.version === undefined) return undefined
    if (compareGitLabVersions(release.version, [18, 9, 0]) >= 0) return undefined
    const inEnvironment = variable(environmentOf(gitlab), 'AWS_BEARER_TOKEN_BEDROCK') !== undefined
    if (settings.credentials !== 'bearer' && !inEnvironment) return undefined
    return {
      message: `A Bedrock API key is documented from GitLab 18.9 on, and the release is ${release.release}.`,
      path: settings.credentials === 'bearer' ? '/credentials' : '/platform',
      fix: { description: 'Use a key pair, or upgrade to GitLab 18.9.' },
    }
  },
})
