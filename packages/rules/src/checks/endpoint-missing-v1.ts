import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { openAIEndpoints, replacePath } from './endpoint.js'

/** The path of an OpenAI-compatible endpoint does not end in /v1, so every call gets 404. */
export const endpointMissingV1 = defineRule({
  id: 'endpoint-missing-v1',
  severity: 'error',
  scope: 'deployment',
  description: 'The path of an OpenAI-compatible endpoint does not end in /v1, so every call gets 404.',
  sources: [{ source: 'troubleshooting-page' }],
  check: (context) =>
    openAIEndpoints(context)
      .filter(({ url }) => !url.pathname.split('/').includes('v1'))
      .map((endpoint) => ({
        message: `The endpoint ${showValue(endpoint.text)} does not end in /v1, so the server answers 404.`,
        path: endpoint.path,
        fix: replacePath(endpoint, `${endpoint.url.pathname.replace(/\/+$/, '')}/v1`, 'Append /v1.'),
      })),
})
