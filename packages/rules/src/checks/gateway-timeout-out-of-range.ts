import { defineRule } from '../rule.js'

/** GitLab saves a time-out to the AI gateway of 60 to 600 seconds only. */
export const gatewayTimeoutOutOfRange = defineRule({
  id: 'gateway-timeout-out-of-range',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.timeoutSeconds'],
  description: 'GitLab saves a time-out to the AI gateway of 60 to 600 seconds only.',
  sources: [{ source: 'configuration-page' }],
  check: ({ configuration }) => {
    const seconds = configuration.gitlab?.aiGateway?.timeoutSeconds
    if (seconds === undefined || (seconds >= 60 && seconds <= 600)) return undefined
    const nearest = seconds < 60 ? 60 : 600
    return {
      message: `timeoutSeconds is ${seconds}; GitLab saves 60 to 600.`,
      path,
      fix: { description: `Set it to ${nearest}.`, patch: [{ op: 'replace', path, value: nearest }] },
    }
  },
})

const path = '/gitlab/aiGateway/timeoutSeconds'
