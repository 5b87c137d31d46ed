import type { ConfigurationRule, DeploymentRule, FeatureRule, ModelRule, ReleaseRule, Rule } from './rule.js'

/** Rules by how often they run, in the order they were listed. */
export interface RulePlan {
  /** Once per configuration. */
  readonly whole: readonly (ConfigurationRule | ReleaseRule)[]
  /** Once per deployment. */
  readonly deployment: readonly (DeploymentRule | ModelRule)[]
  /** Once per feature of a deployment. */
  readonly feature: readonly FeatureRule[]
}

const remembered = new WeakMap<readonly Rule[], RulePlan>()

/** Groups a list of rules; the same list is grouped once, unless it has grown since. */
export function planRules(rules: readonly Rule[]): RulePlan {
  const before = remembered.get(rules)
  if (before !== undefined && before.whole.length + before.deployment.length + before.feature.length === rules.length)
    return before
  const plan = {
    whole: rules.filter((rule) => rule.scope === 'configuration' || rule.scope === 'release'),
    deployment: rules.filter((rule) => rule.scope === 'deployment' || rule.scope === 'model'),
    feature: rules.filter((rule) => rule.scope === 'feature'),
  }
  remembered.set(rules, plan)
  return plan
}
