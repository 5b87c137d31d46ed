import { longestIdentifier } from '../gitlab-identifier.js'
import { defineRule } from '../rule.js'

/** The identifier is longer than GitLab saves. */
export const identifierTooLong = defineRule({
  id: 'identifier-too-long',
  severity: 'error',
  scope: 'deployment',
  needs: ['identifier'],
  description: 'The identifier is longer than GitLab saves.',
  sources: [{ source: 'self-hosted-model-class' }],
  check: ({ settings }) =>
    settings.identifier === undefined || settings.identifier.length <= longestIdentifier
      ? undefined
      : {
          message: `The identifier has ${settings.identifier.length} characters; GitLab saves up to ${longestIdentifier}.`,
          path: '/identifier',
          fix: { description: 'Give the server a shorter name.' },
        },
})
