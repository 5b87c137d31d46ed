import { isHostAndPort } from '../host-and-port.js'
import { defineRule } from '../rule.js'
import { holdsSecret, showValue } from '../show-value.js'

/** The address of the Agent Platform service has a scheme; GitLab wants host and port. */
export const dapUrlHasScheme = defineRule({
  id: 'dap-url-has-scheme',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.agentPlatformUrl'],
  description: 'The address of the Agent Platform service has a scheme; GitLab wants host and port.',
  sources: [{ source: 'troubleshooting-page' }],
  check: ({ configuration }) => {
    const url = configuration.gitlab?.agentPlatformUrl
    const bare = url === undefined ? undefined : /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1]
    if (url === undefined || bare === undefined) return undefined
    const usable = !holdsSecret(url) && isHostAndPort(bare)
    return {
      message: `agentPlatformUrl is ${showValue(url)}; with a scheme, GitLab cannot fetch a token.`,
      path: '/gitlab/agentPlatformUrl',
      fix: {
        description: 'Write host and port only, such as ai-gateway.example.com:50052.',
        ...(usable ? { patch: [{ op: 'replace', path: '/gitlab/agentPlatformUrl', value: bare }] } : {}),
      },
    }
  },
})
