import { defineRule } from '../rule.js'
import { secretInAddress } from '../secret-in-address.js'
import { showValue } from '../show-value.js'
import { endpointsToCheck } from './endpoint.js'

/** The endpoint carries a user name, password, key or token, which ends up in logs. */
export const endpointHasCredentials = defineRule({
  id: 'endpoint-has-credentials',
  severity: 'warning',
  scope: 'deployment',
  description: 'The endpoint carries a user name, password, key or token, which ends up in logs.',
  sources: [],
  check: (context) =>
    endpointsToCheck(context).flatMap(({ text, path }) => {
      const secret = secretInAddress(text)
      if (secret === undefined) return []
      return {
        message: `The endpoint ${showValue(text)} carries ${secret}. Addresses are logged and shown; secrets in them leak.`,
        path,
        fix: { description: 'Take it out of the address and put it into apiKey, from the environment.' },
      }
    }),
})
