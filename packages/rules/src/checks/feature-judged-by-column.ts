import { catalog } from '../catalog/catalog.js'
import { defineRule } from '../rule.js'

/** A setting key has no level of its own: the column of the documentation that it belongs to answers. */
export const featureJudgedByColumn = defineRule({
  id: 'feature-judged-by-column',
  severity: 'info',
  scope: 'feature',
  description: 'A setting key has no level of its own: the column of the documentation that it belongs to answers.',
  sources: [{ source: 'models-page-18.2', heading: 'Supported models' }],
  check: ({ feature, level }) =>
    feature.kind === 'column' || feature.column === undefined || level === 'unlisted'
      ? undefined
      : {
          message: `${feature.title} (${feature.id}) has no column of its own; the level is that of ${catalog.features[feature.column].title}.`,
        },
})
