import { defineRule } from '../rule.js'
import { endpointsToCheck } from './endpoint.js'
import { problemsAmong } from './problems-among.js'

/** The endpoint is longer than the AI gateway takes. */
export const endpointTooLongForGateway = defineRule({
  id: 'endpoint-too-long-for-gateway',
  severity: 'warning',
  scope: 'deployment',
  needs: ['endpoint.unusual'],
  description: 'The endpoint is longer than the AI gateway takes.',
  sources: [{ source: 'ai-gateway' }],
  check: (context) =>
    problemsAmong(endpointsToCheck(context), (endpoint) => {
      const { text, path } = endpoint
      return !(text.length > longest)
        ? undefined
        : {
            message: `The endpoint has ${text.length} characters; GitLab saves it, and the AI gateway takes ${longest}.`,
            path,
            fix: { description: `Use an address of at most ${longest} characters.` },
          }
    }),
})

const longest = 255
