import { defineRule } from '../rule.js'

/** Amazon Bedrock takes no API key from GitLab: the identity is that of the AI gateway. */
export const apiKeyIgnored = defineRule({
  id: 'api-key-ignored',
  severity: 'info',
  scope: 'deployment',
  platforms: ['bedrock'],
  needs: ['apiKey'],
  description: 'Amazon Bedrock takes no API key from GitLab: the identity is that of the AI gateway.',
  sources: [{ source: 'self-hosted-model-class' }],
  check: ({ platform, settings }) =>
    platform !== 'bedrock' || settings.apiKey === undefined || settings.credentials === 'bearer'
      ? undefined
      : {
          message:
            'GitLab ignores the API key of a Bedrock model; the AI gateway authenticates with its own environment. Only the client of this SDK presents it, as a bearer key.',
          path: '/apiKey',
          fix: { description: "Remove apiKey, or state credentials: bearer where this SDK's client presents it." },
        },
})
