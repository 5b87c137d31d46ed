import { httpUrl, isPrivateAddress } from '../network-address.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The AI gateway has a private address, which GitLab may block as an outbound request. */
export const gatewayUrlPrivateAddress = defineRule({
  id: 'gateway-url-private-address',
  severity: 'warning',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.url.unusual'],
  description: 'The AI gateway has a private address, which GitLab may block as an outbound request.',
  sources: [{ source: 'configuration-page' }],
  check: ({ configuration }) => {
    const written = configuration.gitlab?.aiGateway?.url
    const url = written === undefined ? undefined : httpUrl(written)
    if (written === undefined || url === undefined || !isPrivateAddress(url)) return undefined
    return {
      message: `The AI gateway address ${showValue(written)} is private; GitLab may block requests to it.`,
      path: '/gitlab/aiGateway/url',
      fix: { description: 'Add the address to the allowlist of outbound requests in the settings of GitLab.' },
    }
  },
})
