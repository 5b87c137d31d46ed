import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { endpointsToCheck, isHttp } from './endpoint.js'
import { problemsAmong } from './problems-among.js'

/** The endpoint is no http or https address, which GitLab refuses. */
export const endpointSchemeNotHttp = defineRule({
  id: 'endpoint-scheme-not-http',
  severity: 'error',
  scope: 'deployment',
  needs: ['endpoint.unusual'],
  description: 'The endpoint is no http or https address, which GitLab refuses.',
  sources: [{ source: 'self-hosted-model-class' }],
  check: (context) =>
    problemsAmong(endpointsToCheck(context), (endpoint) => {
      const { text, path } = endpoint
      return isHttp(endpoint)
        ? undefined
        : {
            message: `The endpoint ${showValue(text)} is no http or https address.`,
            path,
            fix: { description: 'Write the whole address, such as http://gpu-1:8000/v1.' },
          }
    }),
})
