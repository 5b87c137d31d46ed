import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { jsonPointer } from '../json-pointer.js'
import { releaseFacts } from '../release-selection.js'
import { type ConfigurationContext, defineRule, type Problem } from '../rule.js'
import type { FeatureId, Tier } from '../vocabulary.js'
import { problemsAmong } from './problems-among.js'

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

function excludedFeatures(
  { features }: ConfigurationContext['configuration'],
  tier: Tier,
): readonly Problem[] | undefined {
  const known = catalog.features
  return problemsAmong(Object.keys(features) as FeatureId[], (id) => {
    const { title, excludedTiers } = known[id]
    if (excludedTiers?.includes(tier) !== true) return undefined
    return {
      message: `${title} (${id}) is not part of ${tier}.`,
      path: jsonPointer(['features', id]),
      fix: { description: 'Leave the feature out, or use an instance with ultimate.' },
      sources: [factReference({ source: 'feature-setting-class' })],
    }
  })
}
