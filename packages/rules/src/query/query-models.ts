import { catalog } from '../catalog/catalog.js'
import { compatibility } from '../compatibility.js'
import type { FeatureVerdict } from '../feature-verdict.js'
import { type ModelMatch, selectModels } from '../select-models.js'
import type { FeatureId, PlatformId } from '../vocabulary.js'
import { type Condition, conjunctionsOf } from './conjunctions.js'
import { parseQuery } from './parse-query.js'
import type { Query, QueryTerm } from './query.js'
import { QueryError } from './query-error.js'
import { type QueryTermDefinition, queryTerms } from './query-terms.js'
import type { Scope, ScopeBinding } from './scope.js'

/** Most alternatives of a query, and most selections it may take: what people ask needs a handful. */
const maxAlternatives = 256
const maxSelections = 1000

interface Evaluation {
  readonly query: string
  selections: number
}

/**
 * Answers a query such as `feature code-completion and platform vllm and level full and release 18.2`: the models, in
 * the catalog's order, as `selectModels` gives them.
 *
 * Terms joined by `and` speak of each other: `level full` means the features beside it, and `release` and `platform`
 * decide which table and which platform all of them are judged by. Several releases or platforms beside each other all
 * have to hold.
 *
 * @example
 * queryModels('family llama3 and feature duo-chat and at least partial').map(({ model }) => model.id)
 *
 * @throws QueryError for a text that is no query, and for one with too many combinations to answer
 */
export function queryModels(text: string): ModelMatch[] {
  const query = parseQuery(text)
  return evaluate(query, { features: [], graded: false }, { query: text, selections: 0 })
}

function evaluate(query: Query, outer: Scope, evaluation: Evaluation): ModelMatch[] {
  const alternatives = conjunctionsOf(query, maxAlternatives)
  if (alternatives === undefined) throw tooMany(evaluation.query)
  const found = new Map<string, ModelMatch>()
  for (const conditions of alternatives)
    for (const match of evaluateConjunction(conditions, outer, evaluation))
      found.set(match.model.id, withVerdicts(match, found.get(match.model.id)))
  const order = Object.keys(catalog.models)
  return [...found.values()].sort((a, b) => order.indexOf(a.model.id) - order.indexOf(b.model.id))
}

function evaluateConjunction(conditions: readonly Condition[], outer: Scope, evaluation: Evaluation): ModelMatch[] {
  const [first, ...others] = scopesOf(conditions, outer).map((scope) => evaluateIn(scope, conditions, evaluation))
  const ids = others.map((matches) => new Set(matches.map(({ model }) => model.id)))
  return (first ?? []).filter(({ model }) => ids.every((known) => known.has(model.id)))
}

function evaluateIn(scope: Scope, conditions: readonly Condition[], evaluation: Evaluation): ModelMatch[] {
  countSelection(evaluation)
  let matches = describedIn(scope)
  for (const condition of conditions) {
    if (matches.length === 0) return matches
    matches = narrow(matches, condition, scope, evaluation)
  }
  return matches
}

function countSelection(evaluation: Evaluation): void {
  evaluation.selections += 1
  if (evaluation.selections > maxSelections) throw tooMany(evaluation.query)
}

function narrow(matches: ModelMatch[], condition: Condition, scope: Scope, evaluation: Evaluation): ModelMatch[] {
  countSelection(evaluation)
  const negated = condition.kind === 'not'
  // What is denied is a question of its own: a level in it must not loosen the features outside.
  const selected = negated
    ? evaluate(condition.query, scope, evaluation)
    : definitionOf(condition).select(condition.values, scope)
  const byId = new Map(selected.map((match) => [match.model.id, match]))
  return matches
    .filter(({ model }) => byId.has(model.id) !== negated)
    .map((match) => withFit(match, byId.get(match.model.id)))
}

/** Every model of the release and platform, with the verdicts of the features in question. */
function describedIn({ release, platform, features }: Scope): ModelMatch[] {
  const all = selectModels({ release, platform })
  if (features.length === 0) return all
  return all.map((match) => ({ ...match, verdicts: verdictsOf(match, features, release, platform) }))
}

/** One scope for every combination of releases and platforms that the conditions name. */
function scopesOf(conditions: readonly Condition[], outer: Scope): readonly Scope[] {
  const bindings = conditions.flatMap((condition) => (condition.kind === 'term' ? [bindingOf(condition)] : []))
  const releases = distinct(bindings, ({ release }) => release, outer.release)
  const platforms = distinct(bindings, ({ platform }) => platform, outer.platform)
  const own = bindings.flatMap(({ feature }) => (feature === undefined ? [] : [feature]))
  const features = own.length === 0 ? outer.features : [...new Set(own)]
  const graded = bindings.some((binding) => binding.graded === true)
  return releases.flatMap((release) => platforms.map((platform) => ({ release, platform, features, graded })))
}

function distinct<Value>(
  bindings: readonly ScopeBinding[],
  read: (binding: ScopeBinding) => Value | undefined,
  outer: Value | undefined,
): readonly (Value | undefined)[] {
  const values = new Set(bindings.map(read).filter((value) => value !== undefined))
  return values.size === 0 ? [outer] : [...values]
}

function bindingOf(term: QueryTerm): ScopeBinding {
  return definitionOf(term).bind?.(term.values) ?? {}
}

function definitionOf({ term }: QueryTerm): QueryTermDefinition {
  const definition = queryTerms.find((candidate) => candidate.term === term)
  if (definition === undefined) throw new RangeError(`There is no term '${term}' in the query language.`)
  return definition
}

function verdictsOf(
  { model }: ModelMatch,
  features: readonly FeatureId[],
  release: string | undefined,
  platform: PlatformId | undefined,
): ModelMatch['verdicts'] {
  const verdicts: Partial<Record<FeatureId, FeatureVerdict>> = {}
  for (const feature of features) verdicts[feature] = compatibility({ model: model.id, feature, platform, release })
  return verdicts
}

function withVerdicts(match: ModelMatch, before: ModelMatch | undefined): ModelMatch {
  return before === undefined ? match : { ...before, verdicts: { ...match.verdicts, ...before.verdicts } }
}

function withFit(match: ModelMatch, selected: ModelMatch | undefined): ModelMatch {
  return selected?.fit === undefined ? match : { ...match, fit: selected.fit }
}

function tooMany(query: string): QueryError {
  const reason = 'The query has too many combinations to answer. Ask for less at once.'
  return new QueryError({ reason, query, position: 0, length: query.length })
}
