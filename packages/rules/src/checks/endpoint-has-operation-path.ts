import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { problemsOfOpenAI, replacePath } from './endpoint.js'

/** The path goes on after /v1, and the operation would be appended a second time. */
export const endpointHasOperationPath = defineRule({
  id: 'endpoint-has-operation-path',
  severity: 'error',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['endpoint.unusual'],
  description: 'The path goes on after /v1, and the operation would be appended a second time.',
  sources: [{ source: 'troubleshooting-page' }],
  check: (context) =>
    problemsOfOpenAI(context, (endpoint, pathname) => {
      const match = /^(.*?\/v1)\/+[^/]/.exec(pathname)
      if (match?.[1] === undefined) return undefined
      return {
        message: `The endpoint ${showValue(endpoint.text)} goes on after /v1; the operation is appended by the caller.`,
        path: endpoint.path,
        fix: replacePath(endpoint, match[1], 'Cut the path back to /v1.'),
      }
    }),
})
