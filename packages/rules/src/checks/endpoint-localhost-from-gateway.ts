import { isLoopback } from '../network-address.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { endpointsToCheck } from './endpoint.js'

/** The endpoint is localhost, which inside the AI gateway container means the container itself. */
export const endpointLocalhostFromGateway = defineRule({
  id: 'endpoint-localhost-from-gateway',
  severity: 'warning',
  scope: 'deployment',
  description: 'The endpoint is localhost, which inside the AI gateway container means the container itself.',
  sources: [{ source: 'troubleshooting-page' }],
  check: (context) =>
    context.gitlab?.aiGateway === undefined
      ? undefined
      : endpointsToCheck(context)
          .filter(({ url }) => url !== undefined && isLoopback(url))
          .map(({ text, path }) => ({
            message: `The AI gateway is to call ${showValue(text)}, which in its container is the container itself.`,
            path,
            fix: {
              description: 'Use an address the container reaches, or run it with --network host and metrics port 8083.',
            },
          })),
})
