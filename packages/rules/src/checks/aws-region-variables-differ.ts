import { environmentOf, variable, variablePath } from '../gateway-environment.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** AWS_REGION and AWS_REGION_NAME name different Regions. */
export const awsRegionVariablesDiffer = defineRule({
  id: 'aws-region-variables-differ',
  severity: 'warning',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'AWS_REGION and AWS_REGION_NAME name different Regions.',
  sources: [{ source: 'ai-gateway-check-script' }],
  check: ({ configuration }) => {
    const environment = environmentOf(configuration.gitlab)
    const [region, name] = [variable(environment, 'AWS_REGION'), variable(environment, 'AWS_REGION_NAME')]
    if (region === undefined || name === undefined || region === name) return undefined
    return {
      message: `AWS_REGION_NAME is ${showValue(name)} and AWS_REGION is ${showValue(region)}; which one counts depends on who reads it.`,
      path: variablePath('AWS_REGION'),
      fix: { description: 'Give both the same value.' },
    }
  },
})
