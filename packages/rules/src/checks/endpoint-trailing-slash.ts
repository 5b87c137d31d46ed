import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { problemsOfOpenAI, replacePath } from './endpoint.js'

/** The endpoint ends in a slash, which gives a double slash in some calls of the AI gateway. */
export const endpointTrailingSlash = defineRule({
  id: 'endpoint-trailing-slash',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['endpoint.unusual'],
  description: 'The endpoint ends in a slash, which gives a double slash in some calls of the AI gateway.',
  sources: [{ source: 'ai-gateway' }],
  check: (context) =>
    problemsOfOpenAI(context, (endpoint, pathname) =>
      !/\/v1\/+$/.test(pathname)
        ? undefined
        : {
            message: `The endpoint ${showValue(endpoint.text)} ends in a slash.`,
            path: endpoint.path,
            fix: replacePath(endpoint, pathname.replace(/\/+$/, ''), 'Drop the slash at the end.'),
          },
    ),
})
