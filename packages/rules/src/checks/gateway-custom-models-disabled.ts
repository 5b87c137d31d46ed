import { environmentOf, isTrue, mentions, variablePath } from '../gateway-environment.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** Self-hosted models are switched off in the AI gateway. */
export const gatewayCustomModelsDisabled = defineRule({
  id: 'gateway-custom-models-disabled',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'Self-hosted models are switched off in the AI gateway.',
  sources: [{ source: 'troubleshooting-page' }, { source: 'ai-gateway-check-script' }],
  check: ({ configuration }) => {
    const environment = environmentOf(configuration.gitlab)
    if (environment === undefined || !mentions(environment, name) || environment[name] === 'true') return undefined
    const accepted = isTrue(environment[name]?.trim())
    return {
      message: accepted
        ? `${name} is ${showValue(environment[name])}; the check script of the AI gateway accepts true only.`
        : `${name} is ${showValue(environment[name])}, so the AI gateway refuses every request for a self-hosted model.`,
      path: variablePath(name),
      ...(accepted ? { severity: 'warning' as const, verdict: 'warning' as const } : {}),
      fix: { description: 'Set it to true.', patch: [{ op: 'replace', path: variablePath(name), value: 'true' }] },
    }
  },
})

const name = 'AIGW_CUSTOM_MODELS__ENABLED'
