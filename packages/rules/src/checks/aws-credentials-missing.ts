import { environmentOf, type GatewayEnvironment, regionOf, variable } from '../gateway-environment.js'
import type { DeploymentContext } from '../rule.js'
import { defineRule } from '../rule.js'

/** The environment of the AI gateway lacks credentials for Amazon Bedrock. */
export const awsCredentialsMissing = defineRule({
  id: 'aws-credentials-missing',
  severity: 'error',
  scope: 'deployment',
  platforms: ['bedrock'],
  needs: ['gitlab.aiGateway.env'],
  description: 'The environment of the AI gateway lacks credentials for Amazon Bedrock.',
  sources: [
    { source: 'platforms-page-17.9', heading: 'For cloud-hosted model deployments' },
    { source: 'ai-gateway-check-script' },
  ],
  check: (context) => {
    const environment = context.platform === 'bedrock' ? environmentOf(context.gitlab) : undefined
    if (environment === undefined) return undefined
    const missing = missingVariables(environment, context)
    if (missing.length === 0) return undefined
    return {
      message: `The environment of the AI gateway does not set ${missing.join(' and ')}, so it cannot call Amazon Bedrock.`,
      path: context.settings.credentials === undefined ? '/platform' : '/credentials',
      fix: {
        description: `Set ${missing.join(' and ')} in gitlab.aiGateway.env, or say where the credentials come from.`,
      },
    }
  },
})

// Half a key pair is a mistake wherever the rest comes from; an absent one only where the environment has to hold it.
function missingVariables(environment: GatewayEnvironment, { settings }: DeploymentContext): string[] {
  const bearer = variable(environment, 'AWS_BEARER_TOKEN_BEDROCK') !== undefined
  if (settings.credentials === 'bearer') return bearer ? [] : ['AWS_BEARER_TOKEN_BEDROCK']
  if (bearer || settings.credentials === 'instance-role' || settings.credentials === 'irsa') return []
  const pair = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].filter(
    (name) => variable(environment, name) === undefined,
  )
  if (pair.length === 2 && settings.credentials === undefined) return []
  return regionOf(environment) === undefined ? [...pair, 'AWS_REGION_NAME'] : pair
}
