import { defineRule } from '../rule.js'
import { secretInAddress } from '../secret-in-address.js'
import { showValue } from '../show-value.js'

/** The address of the AI gateway carries a user name, password, key or token. */
export const gatewayUrlHasCredentials = defineRule({
  id: 'gateway-url-has-credentials',
  severity: 'warning',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.url.unusual'],
  description: 'The address of the AI gateway carries a user name, password, key or token.',
  sources: [],
  check: ({ configuration }) => {
    const url = configuration.gitlab?.aiGateway?.url
    const secret = url === undefined ? undefined : secretInAddress(url)
    if (secret === undefined) return undefined
    return {
      message: `The AI gateway address ${showValue(url)} carries ${secret}. Addresses are logged and shown; secrets in them leak.`,
      path: '/gitlab/aiGateway/url',
      fix: { description: 'Take it out of the address: GitLab authenticates with its own tokens.' },
    }
  },
})
