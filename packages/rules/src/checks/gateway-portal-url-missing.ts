import { describesSetUp, environmentOf, environmentPath, mentions } from '../gateway-environment.js'
import { defineRule } from '../rule.js'

/** On an offline licence the AI gateway waits for the customers portal, about 20 seconds per request. */
export const gatewayPortalUrlMissing = defineRule({
  id: 'gateway-portal-url-missing',
  severity: 'warning',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'On an offline licence the AI gateway waits for the customers portal, about 20 seconds per request.',
  sources: [{ source: 'ai-gateway-install-page' }],
  check: ({ configuration: { gitlab } }) => {
    const environment = gitlab?.offline === true ? environmentOf(gitlab) : undefined
    if (environment === undefined || !describesSetUp(environment)) return undefined
    // An empty value is one of the two documented ways to switch the look-up off.
    const missing = portalVariables.filter((name) => !mentions(environment, name))
    if (missing.length === 0) return undefined
    return {
      message: `The instance is offline, and the AI gateway does not set ${missing.join(' and ')}; it then tries to reach the customers portal and waits.`,
      path: environmentPath,
      fix: { description: 'Set both to the address of the GitLab instance.' },
    }
  },
})

const portalVariables = ['AIGW_CUSTOMER_PORTAL_URL', 'DUO_WORKFLOW_AUTH__OIDC_CUSTOMER_PORTAL_URL']
