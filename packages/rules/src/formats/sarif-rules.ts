import { catalog } from '../catalog/catalog.js'
import type { Rule } from '../rule.js'
import type { Severity } from '../vocabulary.js'
import { plainLine } from './plain-text.js'
import type { ReportStyle } from './report-style.js'
import { sarifLevels } from './sarif-levels.js'
import { structureRules } from './structure-rules.js'

/** The rules of a SARIF run, collected while its results are written. */
export interface SarifRules {
  /** Index of a rule in the list; a rule that is new is added, with this severity where it states none. */
  indexOf(id: string, severity: Severity): number
  /** The rules so far, as SARIF describes them. */
  list(): readonly object[]
}

/** Starts an empty list. */
export function createSarifRules({ rules, ruleDocsUrl }: ReportStyle): SarifRules {
  const known = new Map(rules.map((rule) => [rule.id, rule]))
  const indexes = new Map<string, number>()
  const list: object[] = []
  return {
    list: () => list,
    indexOf(id, severity) {
      const before = indexes.get(id)
      if (before !== undefined) return before
      indexes.set(id, list.length)
      list.push(describe(id, severity, known.get(id), ruleDocsUrl))
      return list.length - 1
    },
  }
}

function describe(id: string, severity: Severity, rule: Rule | undefined, docsUrl: string | undefined): object {
  const description = rule?.description ?? (Object.hasOwn(structureRules, id) ? structureRules[id] : undefined)
  const helpUri =
    docsUrl === undefined ? sourceUrl(rule) : `${docsUrl.replace(/\/+$/, '')}/${encodeURIComponent(plainLine(id))}.md`
  return {
    id,
    ...(description === undefined ? {} : { shortDescription: { text: description } }),
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: sarifLevels[rule?.severity ?? severity] },
  }
}

/** The page a rule rests on. */
function sourceUrl(rule: Rule | undefined): string | undefined {
  const id = rule?.sources[0]?.source
  return id === undefined ? undefined : catalog.sources[id]?.url
}
