import { platforms as documentedPlatforms } from './catalog/catalog.generated.js'
import type { ConfigurationContext, DeploymentContext, FeatureContext, ModelContext, Rule, RuleResult } from './rule.js'
import { type NeedSet, needSet } from './rule-needs.js'

/** A rule with its check at hand: rules have many shapes, and to read it from them takes as long as a check does. */
export interface PlannedRule<Context> {
  readonly rule: Rule
  readonly check: (context: Context) => RuleResult
}

/** Rules by how often they run, in the order they were listed. */
export interface RulePlan {
  /** Once per configuration. */
  readonly whole: RuleSelector<ConfigurationContext>
  /** Once per deployment. */
  readonly deployment: RuleSelector<DeploymentContext>
  /** The same without the rules that know the model and the platform only. */
  readonly deploymentAlone: RuleSelector<DeploymentContext>
  /** Those rules. */
  readonly model: readonly PlannedRule<ModelContext>[]
  /** Once per feature of a deployment. */
  readonly feature: readonly PlannedRule<FeatureContext>[]
}

/** Gives the rules that can object, leaving out those whose needs are not stated. */
type RuleSelector<Context> = (stated: NeedSet, platform?: string) => readonly PlannedRule<Context>[]

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
    model: rules.filter((rule) => rule.scope === 'model').map(planned),
    feature: rules.filter((rule) => rule.scope === 'feature').map(planned),
  }
  remembered.set(rules, { length: rules.length, plan })
  return plan
}

const maxSelections = 512

function planned<Context>(rule: Rule & RuleOf<Context>): PlannedRule<Context> {
  return { rule, check: rule.check }
}

interface RuleOf<Context> {
  readonly check: (context: Context) => RuleResult
}

function createSelector<Context>(rules: readonly (Rule & RuleOf<Context>)[]): RuleSelector<Context> {
  const needs = rules.map((rule) => needSet('needs' in rule ? rule.needs : undefined))
  const anyNeed = needs.reduce((all, need) => all | need, 0)
  // Names that the caller invents share one entry, so that the table cannot grow with them.
  const ofOthers = new Map<NeedSet, readonly PlannedRule<Context>[]>()
  const byPlatform = new Map(
    Object.keys(documentedPlatforms).map((id) => [id, new Map<NeedSet, readonly PlannedRule<Context>[]>()]),
  )
  return (stated, platform = '') => {
    const relevant = stated & anyNeed
    const ofPlatform = byPlatform.get(platform)
    const selections = ofPlatform ?? ofOthers
    const before = selections.get(relevant)
    if (before !== undefined) return before
    const served = ofPlatform === undefined ? '' : platform
    const selected = rules
      .filter((rule, index) => ((needs[index] ?? 0) & ~relevant) === 0 && servesPlatform(rule, served))
      .map(planned<Context>)
    if (selections.size >= maxSelections) selections.clear()
    selections.set(relevant, selected)
    return selected
  }
}

function servesPlatform(rule: Rule, platform: string): boolean {
  if (!('platforms' in rule) || rule.platforms === undefined) return true
  return rule.platforms.some((id) => id === platform)
}
