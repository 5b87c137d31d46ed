import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { releaseFacts } from '../release-selection.js'
import { type ConfigurationContext, defineRule } from '../rule.js'
import type { FeatureId } from '../vocabulary.js'

/** The stated add-on is not the one the release needs. */
export const addOnMissing = defineRule({
  id: 'add-on-missing',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.addOn'],
  description: 'The stated add-on is not the one the release needs.',
  sources: [{ source: 'platforms-page-17.9' }, { source: 'duo-self-hosted-index' }],
  check: (context) => {
    const { gitlab, release } = context
    const facts = releaseFacts(release)
    const stated = gitlab?.addOn
    if (stated === undefined || facts === undefined) return undefined
    const needed = neededAddOn(context)
    if (needed === undefined || stated === needed) return undefined
    return {
      message: `GitLab ${release.release} needs the add-on ${needed} for this, and ${stated} is stated.`,
      path: '/gitlab/addOn',
      fix: { description: `Buy the add-on ${needed} and assign seats.` },
      sources: [factReference(facts)],
    }
  },
})

function neededAddOn({ gitlab, release, configuration }: ConfigurationContext): string | undefined {
  const { addOn, offlineAgentPlatformAddOn } = releaseFacts(release) ?? {}
  if (gitlab?.offline === true && offlineAgentPlatformAddOn !== undefined && usesAgentPlatform(configuration))
    return offlineAgentPlatformAddOn
  // An instance may hold several add-ons but states one: the Agent Platform's says nothing about the others.
  return gitlab?.addOn === 'duo-agent-platform-self-hosted' ? undefined : addOn
}

function usesAgentPlatform({ features }: ConfigurationContext['configuration']): boolean {
  const ids = Object.keys(features) as FeatureId[]
  return ids.some((id) => id === 'agent-platform' || catalog.features[id].column === 'agent-platform')
}
