import { defineRule } from '../rule.js'

/** The address of the AI gateway is longer than GitLab saves. */
export const gatewayUrlTooLong = defineRule({
  id: 'gateway-url-too-long',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.url.unusual'],
  description: 'The address of the AI gateway is longer than GitLab saves.',
  sources: [{ source: 'gitlab-settings-class' }],
  check: ({ configuration }) => {
    const length = configuration.gitlab?.aiGateway?.url?.length ?? 0
    if (length <= longest) return undefined
    return {
      message: `The AI gateway address has ${length} characters; GitLab saves up to ${longest}.`,
      path: '/gitlab/aiGateway/url',
      fix: { description: 'Use a shorter address.' },
    }
  },
})

const longest = 2048
