import { stringify } from 'yaml'
import { catalog, checkConfig, type Finding, type Rule, type SourceReference } from '../src/index.js'
import { shortenLine, shortenLines } from './shorten.js'

/** What a page about a rule is written from. */
export interface RulePageInput {
  /** The rule. */
  readonly rule: Rule
  /** A configuration that it objects to. */
  readonly fails: unknown
  /** Why it matters, in a few sentences. */
  readonly why?: string | undefined
}

/** The documentation page of a rule, in Markdown. */
export function rulePage({ rule, fails, why }: RulePageInput): string {
  const finding = findingOf(rule, fails)
  const sections = [
    `# ${rule.id}`,
    rule.description,
    ...(why === undefined ? [] : [why]),
    facts(rule),
    '## Example',
    'This configuration is objected to:',
    `\`\`\`yaml\n${shortenLines(stringify(fails, { lineWidth: 0 }))}\`\`\``,
    `At \`${finding.path === '' ? 'the whole configuration' : shortenLine(finding.path)}\`: ${finding.message}`,
    '## Fix',
    fixOf(finding),
    '## Source',
    sourcesOf(rule),
  ]
  return `${sections.join('\n\n')}\n`
}

/** What a rule says about a configuration that it objects to. */
export function findingOf({ id }: Rule, fails: unknown): Finding {
  const finding = checkConfig(fails).findings.find(({ rule }) => rule === id)
  if (finding === undefined) throw new Error(`The case of ${id} does not fail it.`)
  return finding
}

const scopes: Readonly<Record<Rule['scope'], string>> = {
  configuration: 'the configuration as a whole',
  release: 'the GitLab release',
  deployment: 'each deployment',
  model: 'each deployment, and each question to `compatibility`',
  feature: 'each feature of a deployment, and each question to `compatibility`',
}

function facts({ severity, scope, verdict }: Rule): string {
  const rows = [
    `| Severity | \`${severity}\` |`,
    `| Looks at | ${scopes[scope]} |`,
    ...(verdict === undefined ? [] : [`| Verdict | \`${verdict}\` |`]),
  ]
  return ['| | |', '|---|---|', ...rows].join('\n')
}

function fixOf({ fix }: Finding): string {
  if (fix === undefined) return 'Nothing to do: it is there to be known.'
  if (fix.patch === undefined) return fix.description
  const patch = JSON.stringify(fix.patch, undefined, 2)
  return `${fix.description} As a patch (RFC 6902), which \`duo-models check --fix\` applies:\n\n\`\`\`json\n${shortenLines(`${patch}\n`)}\`\`\``
}

function sourcesOf({ sources }: Rule): string {
  if (sources.length === 0) return 'None: it follows from the configuration alone.'
  return sources.map((reference) => `- ${cite(reference)}`).join('\n')
}

function cite({ source, heading }: SourceReference): string {
  const { title, url, repositoryPath, release, standing } = catalog.sources[source]
  const linked = url === undefined ? title : `[${title}](${url})`
  const details = [
    heading === undefined ? '' : `"${heading}"`,
    url === undefined && repositoryPath !== undefined ? `\`${repositoryPath}\`` : '',
    release === undefined ? '' : `GitLab ${release}`,
    standing === 'unverified' ? 'general knowledge, no page read' : '',
  ]
  return [linked, ...details.filter((detail) => detail !== '')].join(', ')
}
