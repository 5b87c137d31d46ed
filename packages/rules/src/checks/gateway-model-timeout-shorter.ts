import { environmentOf, variable, variablePath } from '../gateway-environment.js'
import { defineRule } from '../rule.js'

/** The AI gateway gives up on the model before GitLab gives up on the AI gateway. */
export const gatewayModelTimeoutShorter = defineRule({
  id: 'gateway-model-timeout-shorter',
  severity: 'info',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.timeoutSeconds', 'gitlab.aiGateway.env'],
  description: 'The AI gateway gives up on the model before GitLab gives up on the AI gateway.',
  sources: [{ source: 'ai-gateway-settings' }],
  check: ({ configuration: { gitlab } }) => {
    const seconds = gitlab?.aiGateway?.timeoutSeconds
    const modelSeconds = Number(variable(environmentOf(gitlab), name))
    if (seconds === undefined || !(modelSeconds < seconds)) return undefined
    return {
      message: `GitLab waits ${seconds} s for the AI gateway, which waits ${modelSeconds} s for the model; the smaller one decides.`,
      path: variablePath(name),
      fix: { description: `Set ${name} to ${seconds} or more.` },
    }
  },
})

const name = 'AIGW_DUO_CHAT__MODEL_REQUEST_TIMEOUT'
