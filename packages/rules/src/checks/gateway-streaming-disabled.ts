import { environmentOf, isTrue, variable, variablePath } from '../gateway-environment.js'
import { defineRule } from '../rule.js'

/** The AI gateway does not stream from self-hosted models, so answers appear all at once. */
export const gatewayStreamingDisabled = defineRule({
  id: 'gateway-streaming-disabled',
  severity: 'info',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'The AI gateway does not stream from self-hosted models, so answers appear all at once.',
  sources: [{ source: 'ai-gateway-settings' }],
  check: ({ configuration }) =>
    isTrue(variable(environmentOf(configuration.gitlab), name))
      ? {
          message: `${name} is on: users wait for the whole answer.`,
          path: variablePath(name),
          fix: {
            description: 'Remove it unless the server cannot stream.',
            patch: [{ op: 'remove', path: variablePath(name) }],
          },
        }
      : undefined,
})

const name = 'AIGW_CUSTOM_MODELS__DISABLE_STREAMING'
