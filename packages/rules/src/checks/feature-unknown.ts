import { catalog } from '../catalog/catalog.js'
import { jsonPointer } from '../json-pointer.js'
import { nearest } from '../nearest.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The features section names something that is neither a documented column nor a GitLab setting key. */
export const featureUnknown = defineRule({
  id: 'feature-unknown',
  severity: 'error',
  scope: 'configuration',
  verdict: 'unsupported-feature',
  description: 'The features section names something that is neither a documented column nor a GitLab setting key.',
  sources: [{ source: 'feature-settings' }],
  check: ({ routes }) => {
    const { features } = catalog
    const unknown: string[] = []
    for (const name of routes.keys()) if (!Object.hasOwn(features, name)) unknown.push(name)
    if (unknown.length === 0) return undefined
    const known = Object.keys(features)
    return unknown.map((name) => {
      const path = jsonPointer(['features', name])
      const suggestion = nearest(name, known).find((id) => !routes.has(id))
      return {
        message: `${showValue(name)} is no feature.`,
        path,
        fix:
          suggestion === undefined
            ? { description: `Use one of ${known.slice(0, 4).join(', ')}, or a GitLab setting key.` }
            : {
                description: `Did you mean '${suggestion}'?`,
                patch: [{ op: 'move', from: path, path: jsonPointer(['features', suggestion]) }],
              },
      }
    })
  },
})
