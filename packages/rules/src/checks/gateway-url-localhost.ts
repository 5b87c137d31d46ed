import { httpUrl, isLoopback } from '../network-address.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The address of the AI gateway is localhost, which GitLab refuses outside development. */
export const gatewayUrlLocalhost = defineRule({
  id: 'gateway-url-localhost',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.url.unusual'],
  description: 'The address of the AI gateway is localhost, which GitLab refuses outside development.',
  sources: [{ source: 'gitlab-settings-class' }],
  check: ({ configuration }) => {
    const written = configuration.gitlab?.aiGateway?.url
    const url = written === undefined ? undefined : httpUrl(written)
    if (written === undefined || url === undefined || !isLoopback(url)) return undefined
    return {
      message: `The AI gateway address ${showValue(written)} is the GitLab machine itself, which GitLab refuses.`,
      path: '/gitlab/aiGateway/url',
      fix: { description: 'Use the host name under which every GitLab node reaches the AI gateway.' },
    }
  },
})
