import { environmentOf, mentions, variablePath } from '../gateway-environment.js'
import { defineRule } from '../rule.js'

/** The variable belongs to the GitLab instance; the AI gateway does not read it. */
export const gatewayVariableMisplaced = defineRule({
  id: 'gateway-variable-misplaced',
  severity: 'warning',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'The variable belongs to the GitLab instance; the AI gateway does not read it.',
  sources: [{ source: 'ai-gateway-settings' }, { source: 'configuration-page' }],
  check: ({ configuration }) => {
    const environment = environmentOf(configuration.gitlab)
    if (environment === undefined) return undefined
    return variablesOfGitLab
      .filter((name) => mentions(environment, name))
      .map((name) => ({
        message: `${name} is read by GitLab, not by the AI gateway.`,
        path: variablePath(name),
        fix: {
          description: 'Set it in the environment of the GitLab instance, and remove it here.',
          patch: [{ op: 'remove' as const, path: variablePath(name) }],
        },
      }))
  },
})

const variablesOfGitLab = ['AI_GATEWAY_URL', 'DUO_AGENT_PLATFORM_SERVICE_SECURE', 'CLOUD_CONNECTOR_SELF_SIGN_TOKENS']
