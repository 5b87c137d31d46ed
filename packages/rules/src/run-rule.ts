import { factReference } from './fact-reference.js'
import type { FactReference, Finding, Fix, JsonPatchOperation } from './finding.js'
import type { Problem, Rule, RuleResult } from './rule.js'
import type { PlannedRule } from './rule-plan.js'
import type { Severity, Verdict } from './vocabulary.js'

/** A finding with the word it gives its deployment. */
export interface JudgedFinding {
  /** The finding. */
  readonly finding: Finding
  /** The word; absent when the finding changes no verdict. */
  readonly verdict: Verdict | undefined
}

const noProblems: readonly Problem[] = []
const referencesOfRules = new WeakMap<Rule, readonly FactReference[]>()

/**
 * Runs rules over one context and adds what they say, with paths made absolute by putting the base in front. The base
 * is asked for with the first objection: most contexts have none.
 */
export function runRules<Context>(
  rules: readonly PlannedRule<Context>[],
  context: Context,
  baseOf: () => string,
  into: JudgedFinding[],
): void {
  for (const planned of rules) {
    const result = checkSafely(planned, context)
    if (result === undefined) continue
    for (const problem of problemsOf(result)) into.push(judgeProblem(planned.rule, problem, baseOf()))
  }
}

/** The base of what is judged as a whole. */
export const atRoot = (): string => ''

// Rules may be the caller's own. What they throw may hold what they looked at, so it is not shown.
function checkSafely<Context>({ rule, check }: PlannedRule<Context>, context: Context): RuleResult {
  try {
    return check.call(rule, context)
  } catch {
    return {
      message: `The rule ${rule.id} failed while it looked at this; nothing is known about what it guards against.`,
      severity: 'error',
      verdict: 'unknown',
      fix: { description: 'Correct the rule: a check must not throw.' },
    }
  }
}

/** Turns what a rule's check returned into findings, with paths made absolute by putting `base` in front. */
export function judge(rule: Rule, result: RuleResult, base: string): readonly JudgedFinding[] {
  return problemsOf(result).map((problem) => judgeProblem(rule, problem, base))
}

function problemsOf(result: RuleResult): readonly Problem[] {
  if (result === undefined) return noProblems
  return isList(result) ? result : [result]
}

function isList(result: Problem | readonly Problem[]): result is readonly Problem[] {
  return Array.isArray(result)
}

function judgeProblem(rule: Rule, problem: Problem, base: string): JudgedFinding {
  const severity = problem.severity ?? rule.severity
  const path = base + (problem.path ?? '')
  const { message, fix, sources = referencesOf(rule) } = problem
  const finding: Finding =
    fix === undefined
      ? { rule: rule.id, severity, path, message, sources }
      : { rule: rule.id, severity, path, message, fix: rebaseFix(fix, base), sources }
  return { finding, verdict: problem.verdict ?? rule.verdict ?? defaultVerdict[severity] }
}

const defaultVerdict: Readonly<Record<Severity, Verdict | undefined>> = {
  error: 'invalid',
  warning: 'warning',
  info: undefined,
}

/** A finding made at the root, moved under `base`: its path and the paths of its patch. */
export function rebaseFinding({ finding, verdict }: JudgedFinding, base: string): JudgedFinding {
  const { rule, severity, message, fix, sources } = finding
  const path = base + finding.path
  return {
    finding:
      fix === undefined
        ? { rule, severity, path, message, sources }
        : { rule, severity, path, message, fix: rebaseFix(fix, base), sources },
    verdict,
  }
}

function referencesOf(rule: Rule): readonly FactReference[] {
  let references = referencesOfRules.get(rule)
  if (references === undefined) {
    references = Object.freeze(rule.sources.map(factReference))
    referencesOfRules.set(rule, references)
  }
  return references
}

function rebaseFix(fix: Fix, base: string): Fix {
  return fix.patch === undefined ? fix : { ...fix, patch: fix.patch.map((operation) => rebase(operation, base)) }
}

function rebase(operation: JsonPatchOperation, base: string): JsonPatchOperation {
  const path = base + operation.path
  return 'from' in operation ? { ...operation, path, from: base + operation.from } : { ...operation, path }
}
