import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** Two sources, or two places of one, disagree about the model's level for the feature. */
export const levelSourceConflict = defineRule({
  id: 'level-source-conflict',
  severity: 'warning',
  scope: 'feature',
  verdict: 'source-conflict',
  description: 'Two sources, or two places of one, disagree about the model’s level for the feature.',
  sources: [{ source: 'models-page-18.3', heading: 'Experimental and beta models' }],
  check: ({ assertion, feature, level, wording }) => {
    if (assertion?.conflicts === undefined || level === 'unlisted') return undefined
    const column = feature.kind === 'column' ? feature.id : feature.column
    const id = assertion.conflicts.find((entry) => entry.column === column)?.conflict
    const conflict = catalog.sourceConflicts.find((entry) => entry.id === id)
    if (conflict === undefined) return undefined
    const sides = conflict.sides.map(({ says, value }) => `${says}: ${value}`).join('; ')
    return {
      message: `${conflict.summary} ${sides}. This answer uses "${wording}".`,
      fix: { description: 'Try the model with the feature before you rely on it.' },
      sources: conflict.sources.map(factReference),
    }
  },
})
