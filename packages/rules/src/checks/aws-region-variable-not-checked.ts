import { environmentOf, variable, variablePath } from '../gateway-environment.js'
import { defineRule } from '../rule.js'

/** The check script of the AI gateway reads AWS_REGION_NAME only. */
export const awsRegionVariableNotChecked = defineRule({
  id: 'aws-region-variable-not-checked',
  severity: 'info',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'The check script of the AI gateway reads AWS_REGION_NAME only.',
  sources: [{ source: 'ai-gateway-check-script' }],
  check: ({ configuration }) => {
    const environment = environmentOf(configuration.gitlab)
    if (variable(environment, 'AWS_REGION') === undefined) return undefined
    if (variable(environment, 'AWS_REGION_NAME') !== undefined) return undefined
    return {
      message:
        'AWS_REGION is set and AWS_REGION_NAME is not. The AI gateway takes either; its check script reads the latter only.',
      path: variablePath('AWS_REGION'),
      fix: {
        description: 'Set AWS_REGION_NAME too.',
        patch: [{ op: 'copy', from: variablePath('AWS_REGION'), path: variablePath('AWS_REGION_NAME') }],
      },
    }
  },
})
