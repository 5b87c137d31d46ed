import { stringify } from 'yaml'
import { builtInRules, type Rule } from '../src/index.js'
import { ruleCases } from '../test/rule-cases.js'
import { findingOf } from './rule-page.js'
import { ruleReasons } from './rule-reasons.js'
import { shortenLine, shortenLines } from './shorten.js'

/** The module the command line explains rules from: the same facts as the pages, without the Markdown. */
export function ruleGuidesModule(): string {
  const guides = Object.fromEntries(builtInRules.map((rule) => [rule.id, guideOf(rule)]))
  return `// Written by packages/rules/scripts/generate-rule-pages.ts; do not edit.
import type { RuleGuide } from './rule-guide.js'

/** Why each rule matters, what it objects to and what to do, by rule id. */
export const ruleGuides: Readonly<Record<string, RuleGuide>> = ${JSON.stringify(guides, undefined, 2)}
`
}

function guideOf(rule: Rule) {
  const fails = ruleCases[rule.id]?.fails
  const { message, fix } = findingOf(rule, fails)
  return {
    why: ruleReasons[rule.id],
    example: shortenLines(stringify(fails, { lineWidth: 0 }))
      .trimEnd()
      .split('\n'),
    message: shortenLine(message),
    fix: fix?.description,
    mechanical: fix?.patch !== undefined,
  }
}
