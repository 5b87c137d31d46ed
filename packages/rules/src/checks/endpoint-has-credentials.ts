import { defineRule } from '../rule.js'
import { secretInAddress } from '../secret-in-address.js'
import { showValue } from '../show-value.js'
import { endpointsToCheck } from './endpoint.js'
import { problemsAmong } from './problems-among.js'

/** The endpoint carries a user name, password, key or token, which ends up in logs. */
export const endpointHasCredentials = defineRule({
  id: 'endpoint-has-credentials',
  severity: 'warning',
  scope: 'deployment',
  needs: ['endpoint.unusual'],
  description: 'The endpoint carries a user name, password, key or token, which ends up in logs.',
  sources: [],
  check: (context) =>
    problemsAmong(endpointsToCheck(context), ({ text, path }) => {
      const secret = secretInAddress(text)
      if (secret === undefined) return undefined
      return {
        message: `The endpoint ${showValue(text)} carries ${secret}. Addresses are logged and shown; secrets in them leak.`,
        path,
        fix: { description: 'Take it out of the address and put it into apiKey, from the environment.' },
      }
    }),
})
