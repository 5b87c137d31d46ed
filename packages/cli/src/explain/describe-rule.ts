import { builtInRules, catalog, type Rule, type SourceReference, structureRules } from '@duo-models/rules'
import type { RuleGuide } from './rule-guide.js'
import { ruleGuides } from './rule-guides.generated.js'
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

function describe(rule: Rule): Section {
  const { id, description, severity, scope, verdict, sources } = rule
  const guide = ruleGuides[id]
  const rows: (readonly [string, string])[] = [
    ['What', description],
    ...(guide?.why === undefined ? [] : ([['Why', guide.why]] as const)),
    ['Severity', severity],
    ['Looks at', `one ${scope}`],
  ]
  if (verdict !== undefined) rows.push(['Verdict', verdict])
  if (guide !== undefined) rows.push(...guideRows(guide))
  if (sources.length > 0) rows.push(['Source', citeSources(sources)])
  return { title: id, rows }
}

function guideRows({ example, message, fix, mechanical }: RuleGuide): [string, string][] {
  const [first = '', ...rest] = example
  const done = mechanical ? ' (check --fix does it)' : ''
  return [
    ['Example', first],
    ...rest.map((line): [string, string] => ['', line]),
    ['Says', message],
    ['Fix', fix === undefined ? 'Nothing to do: it is there to be known.' : `${fix}${done}`],
  ]
}

function cite({ source, heading }: SourceReference): string {
  const { title, url, release } = catalog.sources[source]
  const parts = [title, heading === undefined ? '' : `"${heading}"`, release === undefined ? '' : `GitLab ${release}`]
  return `${parts.filter((part) => part !== '').join(', ')}${url === undefined ? '' : ` <${url}>`}`
}
