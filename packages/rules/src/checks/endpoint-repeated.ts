import { firstRepeated } from '../first-repeated.js'
import { defineRule } from '../rule.js'
import { holdsSecret, showValue } from '../show-value.js'

/** The same address is listed twice, so it gets twice its share of the requests. */
export const endpointRepeated = defineRule({
  id: 'endpoint-repeated',
  severity: 'warning',
  scope: 'deployment',
  needs: ['endpoint.several'],
  description: 'The same address is listed twice, so it gets twice its share of the requests.',
  sources: [],
  check: ({ deployment: { endpoints } }) => {
    const repeated = firstRepeated(endpoints)
    if (repeated === undefined) return undefined
    const unique = [...new Set(endpoints)]
    const description = 'List every address once.'
    return {
      message: `The endpoint ${showValue(repeated)} is listed more than once; each entry is taken for a replica of its own.`,
      path: '/endpoint',
      // A patch repeats every address, so it must not hold a secret.
      fix: unique.some(holdsSecret)
        ? { description }
        : { description, patch: [{ op: 'replace', path: '/endpoint', value: unique }] },
    }
  },
})
