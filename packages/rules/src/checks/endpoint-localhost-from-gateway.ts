import { isLoopback } from '../network-address.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { endpointsToCheck } from './endpoint.js'
import { problemsAmong } from './problems-among.js'

/** The endpoint is localhost, which inside the AI gateway container means the container itself. */
export const endpointLocalhostFromGateway = defineRule({
  id: 'endpoint-localhost-from-gateway',
  severity: 'warning',
  scope: 'deployment',
  needs: ['gitlab.aiGateway', 'endpoint.unusual'],
  description: 'The endpoint is localhost, which inside the AI gateway container means the container itself.',
  sources: [{ source: 'troubleshooting-page' }],
  check: (context) =>
    context.gitlab?.aiGateway === undefined
      ? undefined
      : problemsAmong(endpointsToCheck(context), (endpoint) => {
          const { text, path, url } = endpoint
          return !(url !== undefined && isLoopback(url))
            ? undefined
            : {
                message: `The AI gateway is to call ${showValue(text)}, which in its container is the container itself.`,
                path,
                fix: {
                  description:
                    'Use an address the container reaches, or run it with --network host and metrics port 8083.',
                },
              }
        }),
})
