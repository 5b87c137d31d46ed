import { httpUrl } from '../network-address.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The address of the AI gateway is no http or https address. */
export const gatewayUrlSchemeNotHttp = defineRule({
  id: 'gateway-url-scheme-not-http',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.url.unusual'],
  description: 'The address of the AI gateway is no http or https address.',
  sources: [{ source: 'gitlab-settings-class' }],
  check: ({ configuration }) => {
    const url = configuration.gitlab?.aiGateway?.url
    if (url === undefined || httpUrl(url) !== undefined) return undefined
    return {
      message: `The AI gateway address ${showValue(url)} is no http or https address, and GitLab refuses it.`,
      path: '/gitlab/aiGateway/url',
      fix: { description: 'Write the whole address, such as https://ai-gateway.example.com:5052.' },
    }
  },
})
