import { environmentOf, variable } from '../gateway-environment.js'
import { compareGitLabVersions } from '../gitlab-version.js'
import type { DeploymentContext } from '../rule.js'
import { defineRule } from '../rule.js'

/** The AI gateway of this release takes long-lived AWS keys only. */
export const awsTemporaryCredentialsUnsupported = defineRule({
  id: 'aws-temporary-credentials-unsupported',
  severity: 'error',
  scope: 'deployment',
  platforms: ['bedrock'],
  description: 'The AI gateway of this release takes long-lived AWS keys only.',
  sources: [{ source: 'platforms-page-18.9' }],
  check: (context) => {
    const { release, releaseStated, platform } = context
    if (platform !== 'bedrock' || !releaseStated || release.version === undefined) return undefined
    if (compareGitLabVersions(release.version, [18, 10, 0]) >= 0) return undefined
    const kind = temporaryCredentials(context)
    if (kind === undefined) return undefined
    return {
      message: `${kind} gives temporary credentials, which GitLab ${release.release} does not support for Amazon Bedrock.`,
      path: context.settings.credentials === undefined ? '/platform' : '/credentials',
      fix: { description: 'Use a long-lived key pair, or upgrade to GitLab 18.10.' },
    }
  },
})

function temporaryCredentials({ settings, gitlab }: DeploymentContext): string | undefined {
  if (settings.credentials === 'instance-role') return 'An instance role'
  if (settings.credentials === 'irsa') return 'A role of a service account'
  const environment = environmentOf(gitlab)
  if (variable(environment, 'AWS_SESSION_TOKEN') !== undefined) return 'AWS_SESSION_TOKEN'
  return variable(environment, 'AWS_ACCESS_KEY_ID')?.startsWith('ASIA') === true ? 'This AWS_ACCESS_KEY_ID' : undefined
}
