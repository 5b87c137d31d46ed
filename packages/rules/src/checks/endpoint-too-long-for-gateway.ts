import { defineRule } from '../rule.js'
import { endpointsToCheck } from './endpoint.js'

/** The endpoint is longer than the AI gateway takes. */
export const endpointTooLongForGateway = defineRule({
  id: 'endpoint-too-long-for-gateway',
  severity: 'warning',
  scope: 'deployment',
  description: 'The endpoint is longer than the AI gateway takes.',
  sources: [{ source: 'ai-gateway' }],
  check: (context) =>
    endpointsToCheck(context)
      .filter(({ text }) => text.length > longest)
      .map(({ text, path }) => ({
        message: `The endpoint has ${text.length} characters; GitLab saves it, and the AI gateway takes ${longest}.`,
        path,
        fix: { description: `Use an address of at most ${longest} characters.` },
      })),
})

const longest = 255
