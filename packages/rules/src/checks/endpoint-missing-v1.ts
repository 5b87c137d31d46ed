import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { problemsOfOpenAI, replacePath } from './endpoint.js'

/** The path of an OpenAI-compatible endpoint does not end in /v1, so every call gets 404. */
export const endpointMissingV1 = defineRule({
  id: 'endpoint-missing-v1',
  severity: 'error',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['endpoint.unusual'],
  description: 'The path of an OpenAI-compatible endpoint does not end in /v1, so every call gets 404.',
  sources: [{ source: 'troubleshooting-page' }],
  check: (context) =>
    problemsOfOpenAI(context, (endpoint, pathname) =>
      /(?:^|\/)v1(?:\/|$)/.test(pathname)
        ? undefined
        : {
            message: `The endpoint ${showValue(endpoint.text)} does not end in /v1, so the server answers 404.`,
            path: endpoint.path,
            fix: replacePath(endpoint, `${pathname.replace(/\/+$/, '')}/v1`, 'Append /v1.'),
          },
    ),
})
