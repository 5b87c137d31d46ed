import { environmentOf, regionOf } from '../gateway-environment.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The AI gateway is set to another AWS Region than the deployment. */
export const awsRegionMismatch = defineRule({
  id: 'aws-region-mismatch',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['bedrock'],
  needs: ['gitlab.aiGateway.env'],
  description: 'The AI gateway is set to another AWS Region than the deployment.',
  sources: [{ source: 'platforms-page-17.9', heading: 'For cloud-hosted model deployments' }],
  check: ({ platform, settings, gitlab }) => {
    const region = settings['region']
    const gateway = platform === 'bedrock' ? regionOf(environmentOf(gitlab)) : undefined
    if (gateway === undefined || typeof region !== 'string' || gateway === region) return undefined
    return {
      message: `The deployment is in ${showValue(region)}, and the AI gateway asks Amazon Bedrock in ${showValue(gateway)}.`,
      path: '/region',
      fix: { description: 'State the same Region in both places.' },
    }
  },
})
