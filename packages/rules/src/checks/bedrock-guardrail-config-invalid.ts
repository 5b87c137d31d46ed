import { environmentOf, variable, variablePath } from '../gateway-environment.js'
import { guardrailProblem } from '../guardrail-config.js'
import { defineRule } from '../rule.js'

/** AIGW_BEDROCK_GUARDRAIL_CONFIG is not of the documented form, and the AI gateway does not start. */
export const bedrockGuardrailConfigInvalid = defineRule({
  id: 'bedrock-guardrail-config-invalid',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'AIGW_BEDROCK_GUARDRAIL_CONFIG is not of the documented form, and the AI gateway does not start.',
  sources: [{ source: 'ai-gateway-settings' }],
  check: ({ configuration }) => {
    const written = variable(environmentOf(configuration.gitlab), name)
    const problem = written === undefined ? undefined : guardrailProblem(written)
    if (problem === undefined) return undefined
    return {
      message: `${name}: ${problem}. The AI gateway does not start with it.`,
      path: variablePath(name),
      fix: {
        description:
          'Write JSON with guardrailIdentifier (short id or ARN), guardrailVersion (empty, DRAFT or a number) and trace (enabled or disabled).',
      },
    }
  },
})

const name = 'AIGW_BEDROCK_GUARDRAIL_CONFIG'
