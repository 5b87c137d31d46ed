import { defineRule } from '../rule.js'

/** The API key is longer than the AI gateway takes. */
export const apiKeyTooLong = defineRule({
  id: 'api-key-too-long',
  severity: 'warning',
  scope: 'deployment',
  needs: ['apiKey'],
  description: 'The API key is longer than the AI gateway takes.',
  sources: [{ source: 'ai-gateway' }],
  check: ({ settings }) =>
    settings.apiKey === undefined || settings.apiKey.length <= longest
      ? undefined
      : {
          message: `The API key has ${settings.apiKey.length} characters; the AI gateway takes ${longest}.`,
          path: '/apiKey',
          fix: { description: 'Use a shorter key.' },
        },
})

const longest = 2000
