import { jsonPointer } from '../json-pointer.js'
import { nearest } from '../nearest.js'
import { defineRule, type Problem } from '../rule.js'
import { showValue } from '../show-value.js'

/** A feature is routed to a deployment that the configuration does not have. */
export const deploymentUnknown = defineRule({
  id: 'deployment-unknown',
  severity: 'error',
  scope: 'configuration',
  description: 'A feature is routed to a deployment that the configuration does not have.',
  sources: [],
  check: ({ routes, configuration, deploymentNames }) => {
    let problems: Problem[] | undefined
    let known: ReadonlySet<string> | undefined
    for (const [feature, names] of routes)
      for (let index = 0; index < names.length; index += 1) {
        const name = names[index] ?? ''
        // Nearly every route leads to a deployment that could be read.
        if (Object.hasOwn(configuration.deployments, name)) continue
        known ??= new Set(deploymentNames)
        if (known.has(name)) continue
        problems ??= []
        problems.push(describe(feature, name, names.length === 1 ? [] : [index], deploymentNames))
      }
    return problems
  },
})

function describe(feature: string, name: string, index: readonly number[], known: readonly string[]): Problem {
  const [suggestion] = nearest(name, known)
  const list = known.length === 0 ? 'the configuration has none' : `known are ${known.slice(0, 10).join(', ')}`
  return {
    message: `${feature} is routed to ${showValue(name)}, which is no deployment: ${list}.`,
    path: jsonPointer(['features', feature]),
    fix: {
      description:
        suggestion === undefined ? 'Declare the deployment or correct the name.' : `Did you mean '${suggestion}'?`,
    },
    ...(index.length === 0 ? {} : { path: jsonPointer(['features', feature, ...index]) }),
  }
}
