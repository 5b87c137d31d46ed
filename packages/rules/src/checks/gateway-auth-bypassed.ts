import { environmentOf, isTrue, variable, variablePath } from '../gateway-environment.js'
import { defineRule } from '../rule.js'

/** The AI gateway asks nobody who they are. */
export const gatewayAuthBypassed = defineRule({
  id: 'gateway-auth-bypassed',
  severity: 'warning',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'The AI gateway asks nobody who they are.',
  sources: [{ source: 'troubleshooting-page' }, { source: 'support-playbook' }],
  check: ({ configuration: { gitlab } }) => {
    if (!isTrue(variable(environmentOf(gitlab), name))) return undefined
    const inProduction = gitlab?.environment === 'production'
    return {
      message: `${name} is on: whoever reaches the AI gateway may use the models. ${inProduction ? 'This is production.' : 'It is for troubleshooting only.'}`,
      path: variablePath(name),
      ...(inProduction ? { severity: 'error' as const, verdict: 'invalid' as const } : {}),
      fix: {
        description: 'Remove the variable and restart the AI gateway.',
        patch: [{ op: 'remove', path: variablePath(name) }],
      },
    }
  },
})

const name = 'AIGW_AUTH__BYPASS_EXTERNAL'
