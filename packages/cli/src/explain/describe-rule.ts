import { builtInRules, catalog, type Rule, type SourceReference, structureRules } from '@duo-models/rules'
import type { Section } from './section.js'

/** What there is to say about a rule, or about a finding of the structure check; `undefined` for another name. */
export function describeRule(name: string): Section[] | undefined {
  const rule = builtInRules.find(({ id }) => id === name)
  if (rule !== undefined) return [describe(rule)]
  if (!Object.hasOwn(structureRules, name)) return undefined
  const what = structureRules[name] ?? ''
  return [
    {
      title: name,
      rows: [
        ['What', what],
        ['Why', structureReason],
        ['Fix', fixHint],
      ],
    },
  ]
}

/** Ids that share most words with a name, best first. */
export function similarRules(name: string): string[] {
  const words = new Set(
    name
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word.length > 1),
  )
  const shared = (id: string) => id.split('-').filter((word) => words.has(word)).length
  const ids = [...builtInRules.map(({ id }) => id), ...Object.keys(structureRules)].filter((id) => shared(id) > 0)
  return ids.sort((a, b) => shared(b) - shared(a)).slice(0, 3)
}

/** The sources that facts name, as people cite them. */
export function citeSources(references: readonly SourceReference[]): string {
  return references.map(cite).join('; ')
}

const structureReason = 'Everything else is judged on the structure: the JSON Schema describes it (duo-models schema).'
const fixHint = 'duo-models check says for each finding what to do, and --fix does it where that needs no guess.'

function describe({ id, description, severity, scope, verdict, sources }: Rule): Section {
  const rows: [string, string][] = [
    ['What', description],
    ['Severity', severity],
    ['Looks at', `one ${scope}`],
  ]
  if (verdict !== undefined) rows.push(['Verdict', verdict])
  if (sources.length > 0) rows.push(['Why', citeSources(sources)])
  rows.push(['Fix', fixHint])
  return { title: id, rows }
}

function cite({ source, heading }: SourceReference): string {
  const { title, url, release } = catalog.sources[source]
  const parts = [title, heading === undefined ? '' : `"${heading}"`, release === undefined ? '' : `GitLab ${release}`]
  return `${parts.filter((part) => part !== '').join(', ')}${url === undefined ? '' : ` <${url}>`}`
}
