import { catalog, type FeatureId } from '@duo-models/rules'

/** A column of the documentation and GitLab's setting key for the same thing. */
const sameFeature: Readonly<Partial<Record<FeatureId, FeatureId>>> = {
  'code-completion': 'code_completions',
  code_completions: 'code-completion',
  'code-generation': 'code_generations',
  code_generations: 'code-generation',
  'duo-chat': 'duo_chat',
  duo_chat: 'duo-chat',
  'agent-platform': 'duo_agent_platform',
  duo_agent_platform: 'agent-platform',
}

/**
 * The deployments that serve a feature, by name and in order: those listed for it, for the same feature under its
 * other name, or for the feature it is part of, as GitLab does for the parts of Duo Chat.
 * @returns `undefined` where the configuration lists none
 */
export function routeFeature(
  features: Readonly<Partial<Record<FeatureId, readonly string[]>>>,
  feature: FeatureId,
): readonly string[] | undefined {
  const column = Object.hasOwn(catalog.features, feature) ? catalog.features[feature].column : undefined
  const names = [feature, sameFeature[feature], column, column && sameFeature[column]]
  for (const name of names) if (name !== undefined && Object.hasOwn(features, name)) return features[name]
  return undefined
}
