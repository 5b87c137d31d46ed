import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { productFacts } from '../product-gate.js'
import { defineRule } from '../rule.js'
import type { FamilyKey } from '../vocabulary.js'

/** GitLab refuses to assign a model of this family to the feature. */
export const familyNotAllowedForFeature = defineRule({
  id: 'family-not-allowed-for-feature',
  severity: 'error',
  scope: 'feature',
  layer: 'product',
  description: 'GitLab refuses to assign a model of this family to the feature.',
  sources: [{ source: 'feature-settings' }],
  check: ({ feature, family: key, release }) => {
    const { setting, family, familyExists, allowed } = productFacts(feature, key, release)
    if (family === undefined) return undefined
    if (familyExists === false)
      return {
        message: `GitLab ${release.release} has no model family '${family.id}'; it is there from ${family.since} on.`,
        fix: { description: `Upgrade to GitLab ${family.since}, or choose a model of another family.` },
        sources: [factReference(family)],
      }
    if (allowed === undefined) return undefined
    const sources = [factReference(allowed)]
    if (!allowed.keys.includes(family.id))
      return {
        message: `GitLab refuses a model of the family '${family.id}' for ${setting.title} (${setting.id}). Allowed are ${allowed.keys.join(', ')}.`,
        fix: { description: `Route the feature to a model of ${familyNames(allowed.keys)}.` },
        sources,
      }
    if (allowed.usedKeys === undefined || allowed.usedKeys.includes(family.id)) return undefined
    return {
      message: `GitLab lets the family '${family.id}' be assigned to ${setting.title} (${setting.id}), but falls back to another model when it runs.`,
      severity: 'warning',
      fix: { description: `Route the feature to a model of ${familyNames(allowed.usedKeys)}.` },
      sources: [...sources, factReference({ source: 'feature-setting-class' })],
    }
  },
})

function familyNames(keys: readonly FamilyKey[]): string {
  return keys.map((key) => catalog.families[key].name).join(', ')
}
