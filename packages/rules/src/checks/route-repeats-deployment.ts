import { firstRepeated } from '../first-repeated.js'
import { jsonPointer } from '../json-pointer.js'
import type { Problem } from '../rule.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** A feature lists the same deployment twice, so the second entry is no fallback. */
export const routeRepeatsDeployment = defineRule({
  id: 'route-repeats-deployment',
  severity: 'warning',
  scope: 'configuration',
  description: 'A feature lists the same deployment twice, so the second entry is no fallback.',
  sources: [],
  check: ({ routes }) => {
    let problems: Problem[] | undefined
    for (const [feature, names] of routes) {
      const repeated = firstRepeated(names)
      if (repeated === undefined) continue
      problems ??= []
      problems.push(describe(feature, names, repeated))
    }
    return problems
  },
})

function describe(feature: string, names: readonly string[], repeated: string): Problem {
  const path = jsonPointer(['features', feature])
  return {
    message: `${feature} lists ${showValue(repeated)} more than once; what failed there is not tried there again.`,
    path,
    fix: {
      description: 'List every deployment once.',
      patch: [{ op: 'replace', path, value: [...new Set(names)] }],
    },
  }
}
