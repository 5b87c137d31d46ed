import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { openAIEndpoints, replacePath } from './endpoint.js'

/** The endpoint ends in a slash, which gives a double slash in some calls of the AI gateway. */
export const endpointTrailingSlash = defineRule({
  id: 'endpoint-trailing-slash',
  severity: 'warning',
  scope: 'deployment',
  description: 'The endpoint ends in a slash, which gives a double slash in some calls of the AI gateway.',
  sources: [{ source: 'ai-gateway' }],
  check: (context) =>
    openAIEndpoints(context)
      .filter(({ url }) => /\/v1\/+$/.test(url.pathname))
      .map((endpoint) => ({
        message: `The endpoint ${showValue(endpoint.text)} ends in a slash.`,
        path: endpoint.path,
        fix: replacePath(endpoint, endpoint.url.pathname.replace(/\/+$/, ''), 'Drop the slash at the end.'),
      })),
})
