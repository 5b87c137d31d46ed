import { environmentOf, mentions, variablePath } from '../gateway-environment.js'
import { editDistance } from '../nearest.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The variable looks like a misspelled setting of the AI gateway, which ignores what it does not know. */
export const gatewayVariableUnknown = defineRule({
  id: 'gateway-variable-unknown',
  severity: 'warning',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'The variable looks like a misspelled setting of the AI gateway, which ignores what it does not know.',
  sources: [{ source: 'ai-gateway-settings' }],
  check: ({ configuration }) => {
    const environment = environmentOf(configuration.gitlab)
    if (environment === undefined) return undefined
    return Object.keys(environment)
      .filter((name) => name.length <= 80 && !knownVariables.includes(name))
      .flatMap((name) => {
        const meant = knownVariables.find((known) => editDistance(name.toUpperCase(), known) <= 2)
        if (meant === undefined || mentions(environment, meant)) return []
        return {
          message: `The AI gateway knows no variable ${showValue(name)}; it knows ${meant}.`,
          path: variablePath(name),
          fix: {
            description: `Write ${meant}.`,
            patch: [{ op: 'move' as const, from: variablePath(name), path: variablePath(meant) }],
          },
        }
      })
  },
})

const knownVariables: readonly string[] = [
  'AIGW_CUSTOM_MODELS__ENABLED',
  'AIGW_CUSTOM_MODELS__DISABLE_STREAMING',
  'AIGW_CUSTOM_MODELS__EXTRA_HEADERS',
  'AIGW_GITLAB_URL',
  'AIGW_GITLAB_API_URL',
  'AIGW_AUTH__BYPASS_EXTERNAL',
  'AIGW_SELF_SIGNED_JWT__SIGNING_KEY',
  'AIGW_SELF_SIGNED_JWT__VALIDATION_KEY',
  'AIGW_CUSTOMER_PORTAL_URL',
  'AIGW_BEDROCK_GUARDRAIL_CONFIG',
  'AIGW_DUO_CHAT__MAX_TOKENS',
  'AIGW_DUO_CHAT__MODEL_REQUEST_TIMEOUT',
  'DUO_WORKFLOW_SELF_SIGNED_JWT__SIGNING_KEY',
  'DUO_WORKFLOW_SELF_SIGNED_JWT__VALIDATION_KEY',
  'DUO_WORKFLOW_AUTH__ENABLED',
  'DUO_WORKFLOW_AUTH__OIDC_CUSTOMER_PORTAL_URL',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_REGION',
  'AWS_REGION_NAME',
  'AWS_BEARER_TOKEN_BEDROCK',
  'AWS_BEDROCK_RUNTIME_ENDPOINT',
]
