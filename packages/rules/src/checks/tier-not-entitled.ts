import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { jsonPointer } from '../json-pointer.js'
import { releaseFacts } from '../release-selection.js'
import { type ConfigurationContext, defineRule, type Problem } from '../rule.js'
import type { FeatureId, Tier } from '../vocabulary.js'

/** The licence tier does not include GitLab Duo Self-Hosted, or not the routed feature. */
export const tierNotEntitled = defineRule({
  id: 'tier-not-entitled',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.tier'],
  description: 'The licence tier does not include GitLab Duo Self-Hosted, or not the routed feature.',
  sources: [{ source: 'models-page-18.2' }, { source: 'feature-setting-class' }],
  check: ({ gitlab, release, configuration }) => {
    const tier = gitlab?.tier
    const facts = releaseFacts(release)
    if (tier === undefined || facts === undefined || facts.tiers.length === 0) return undefined
    if (!facts.tiers.includes(tier))
      return {
        message: `GitLab Duo Self-Hosted needs ${facts.tiers.join(' or ')} in GitLab ${release.release}, and the tier is ${tier}.`,
        path: '/gitlab/tier',
        fix: { description: `Use an instance with ${facts.tiers.join(' or ')}.` },
        sources: [factReference(facts)],
      }
    return excludedFeatures(configuration, tier)
  },
})

function excludedFeatures({ features }: ConfigurationContext['configuration'], tier: Tier): Problem[] {
  const ids = Object.keys(features) as FeatureId[]
  return ids
    .filter((id) => catalog.features[id].excludedTiers?.includes(tier))
    .map((id) => ({
      message: `${catalog.features[id].title} (${id}) is not part of ${tier}.`,
      path: jsonPointer(['features', id]),
      fix: { description: 'Leave the feature out, or use an instance with ultimate.' },
      sources: [factReference({ source: 'feature-setting-class' })],
    }))
}
