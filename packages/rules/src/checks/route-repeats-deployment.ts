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
    const problems: Problem[] = []
    for (const [feature, names] of routes)
      if (names.length > 1 && new Set(names).size < names.length) problems.push(describe(feature, names))
    return problems
  },
})

function describe(feature: string, names: readonly string[]): Problem {
  const path = jsonPointer(['features', feature])
  const repeated = names.find((name, index) => names.indexOf(name) < index)
  return {
    message: `${feature} lists ${showValue(repeated)} more than once; what failed there is not tried there again.`,
    path,
    fix: {
      description: 'List every deployment once.',
      patch: [{ op: 'replace', path, value: [...new Set(names)] }],
    },
  }
}
