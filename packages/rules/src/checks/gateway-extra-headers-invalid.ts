import { environmentOf, variable, variablePath } from '../gateway-environment.js'
import { defineRule } from '../rule.js'

/** AIGW_CUSTOM_MODELS__EXTRA_HEADERS is no JSON object. */
export const gatewayExtraHeadersInvalid = defineRule({
  id: 'gateway-extra-headers-invalid',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'AIGW_CUSTOM_MODELS__EXTRA_HEADERS is no JSON object.',
  sources: [{ source: 'ai-gateway-settings' }],
  check: ({ configuration }) => {
    const written = variable(environmentOf(configuration.gitlab), name)
    if (written === undefined || isJsonObject(written)) return undefined
    return {
      message: `${name} is no JSON object, and the AI gateway cannot read it.`,
      path: variablePath(name),
      fix: { description: 'Write a JSON object, such as {"X-Team": "duo"}.' },
    }
  },
})

const name = 'AIGW_CUSTOM_MODELS__EXTRA_HEADERS'

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
