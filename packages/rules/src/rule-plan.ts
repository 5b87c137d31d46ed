import { platforms as documentedPlatforms } from './catalog/catalog.generated.js'
import type { ConfigurationRule, DeploymentRule, FeatureRule, ModelRule, ReleaseRule, Rule } from './rule.js'
import { type NeedSet, needSet } from './rule-needs.js'

/** Rules by how often they run, in the order they were listed. */
export interface RulePlan {
  /** Once per configuration. */
  readonly whole: RuleSelector<ConfigurationRule | ReleaseRule>
  /** Once per deployment. */
  readonly deployment: RuleSelector<DeploymentRule | ModelRule>
  /** The same without the rules that know the model and the platform only. */
  readonly deploymentAlone: RuleSelector<DeploymentRule>
  /** Those rules. */
  readonly model: readonly ModelRule[]
  /** Once per feature of a deployment. */
  readonly feature: readonly FeatureRule[]
}

/** Gives the rules that can object, leaving out those whose needs are not stated. */
type RuleSelector<R extends Rule> = (stated: NeedSet, platform?: string) => readonly R[]

interface RememberedPlan {
  readonly length: number
  readonly plan: RulePlan
}

const remembered = new WeakMap<readonly Rule[], RememberedPlan>()

/** Groups a list of rules; the same list is grouped once, unless it has grown since. */
export function planRules(rules: readonly Rule[]): RulePlan {
  const before = remembered.get(rules)
  if (before?.length === rules.length) return before.plan
  const plan: RulePlan = {
    whole: createSelector(rules.filter((rule) => rule.scope === 'configuration' || rule.scope === 'release')),
    deployment: createSelector(rules.filter((rule) => rule.scope === 'deployment' || rule.scope === 'model')),
    deploymentAlone: createSelector(rules.filter((rule) => rule.scope === 'deployment')),
    model: rules.filter((rule) => rule.scope === 'model'),
    feature: rules.filter((rule) => rule.scope === 'feature'),
  }
  remembered.set(rules, { length: rules.length, plan })
  return plan
}

const maxSelections = 1_024

function createSelector<R extends Rule>(rules: readonly R[]): RuleSelector<R> {
  const needs = rules.map((rule) => needSet('needs' in rule ? rule.needs : undefined))
  const anyNeed = needs.reduce((all, need) => all | need, 0)
  const selections = new Map<string, Map<NeedSet, readonly R[]>>()
  let size = 0
  return (stated, platform = '') => {
    const relevant = stated & anyNeed
    // Names that the caller invents share one entry, so that the table cannot grow with them.
    const key = Object.hasOwn(documentedPlatforms, platform) ? platform : ''
    const before = selections.get(key)?.get(relevant)
    if (before !== undefined) return before
    const selected = rules.filter((rule, index) => ((needs[index] ?? 0) & ~relevant) === 0 && servesPlatform(rule, key))
    if (size >= maxSelections) {
      selections.clear()
      size = 0
    }
    size += 1
    selections.set(key, (selections.get(key) ?? new Map<NeedSet, readonly R[]>()).set(relevant, selected))
    return selected
  }
}

function servesPlatform(rule: Rule, platform: string): boolean {
  if (!('platforms' in rule) || rule.platforms === undefined) return true
  return rule.platforms.some((id) => id === platform)
}
