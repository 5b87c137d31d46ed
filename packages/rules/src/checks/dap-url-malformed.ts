import { isHostAndPort } from '../host-and-port.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The address of the Agent Platform service is not of the form host:port. */
export const dapUrlMalformed = defineRule({
  id: 'dap-url-malformed',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.agentPlatformUrl'],
  description: 'The address of the Agent Platform service is not of the form host:port.',
  sources: [{ source: 'configuration-page' }],
  check: ({ configuration }) => {
    const url = configuration.gitlab?.agentPlatformUrl
    if (url === undefined || /^[a-z][a-z0-9+.-]*:\/\//i.test(url) || isHostAndPort(url)) return undefined
    return {
      message: `agentPlatformUrl is ${showValue(url)}, which is not of the form host:port.`,
      path: '/gitlab/agentPlatformUrl',
      fix: { description: 'Write host and port only, such as ai-gateway.example.com:50052.' },
    }
  },
})
