import { defineRule } from '../rule.js'
import { holdsSecret, showValue } from '../show-value.js'
import { endpointsToCheck } from './endpoint.js'
import { problemsAmong } from './problems-among.js'

/** The Azure OpenAI endpoint names a deployment or an operation, which the caller appends itself. */
export const azureEndpointHasOperationPath = defineRule({
  id: 'azure-endpoint-has-operation-path',
  severity: 'error',
  scope: 'deployment',
  platforms: ['azure-openai'],
  needs: ['endpoint.unusual'],
  description: 'The Azure OpenAI endpoint names a deployment or an operation, which the caller appends itself.',
  sources: [],
  check: (context) =>
    context.platform !== 'azure-openai'
      ? undefined
      : problemsAmong(endpointsToCheck(context), (endpoint) => {
          const { text, path, url } = endpoint
          return !(url !== undefined && operation.test(url.pathname))
            ? undefined
            : {
                message: `The endpoint ${showValue(text)} goes on to a deployment or an operation; the caller appends both.`,
                path,
                fix: {
                  description: 'Cut it back to the address of the resource.',
                  ...(url === undefined || holdsSecret(url.origin)
                    ? {}
                    : { patch: [{ op: 'replace', path, value: url.origin }] }),
                },
              }
        }),
})

const operation = /\/deployments(?:\/|$)|\/(?:chat\/)?completions\/*$|\/responses\/*$/
