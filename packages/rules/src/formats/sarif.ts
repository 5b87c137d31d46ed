import type { Finding } from '../finding.js'
import { artifactUri } from './artifact-uri.js'
import { findingPosition } from './finding-position.js'
import type { ReportEntry, ReportSource } from './report-entry.js'
import type { ReportStyle } from './report-style.js'
import { sarifLevels } from './sarif-levels.js'
import { createSarifRules, type SarifRules } from './sarif-rules.js'

/** SARIF 2.1.0: one run for all reports, with the rules that found something. */
export function formatSarif(entries: readonly ReportEntry[], style: ReportStyle): string {
  const rules = createSarifRules(style)
  const fingerprints = createFingerprints()
  const results = entries.flatMap(({ report, source }) =>
    report.findings.map((finding) => result(finding, source, rules, fingerprints)),
  )
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'duo-models', rules: rules.list() } },
        columnKind: 'utf16CodeUnits',
        artifacts: artifacts(entries),
        results,
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function result(
  finding: Finding,
  source: ReportSource | undefined,
  rules: SarifRules,
  fingerprint: (text: string) => string,
): object {
  const { rule, severity, message, fix, path, sources } = finding
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule, severity),
    level: sarifLevels[severity],
    // A JSON Patch is no edit of the text, so a fix is told in words instead of in `fixes`.
    message: { text: fix === undefined ? message : `${message}\nFix: ${fix.description}` },
    locations: [location(finding, source)],
    partialFingerprints: { 'ruleAndPath/v1': fingerprint(`${rule}:${source?.name ?? ''}:${path}`) },
    properties: {
      path,
      ...(fix === undefined ? {} : { fix }),
      sources: sources.map(({ title, url, heading, release }) => ({ title, url, heading, release })),
    },
  }
}

function location(finding: Finding, source: ReportSource | undefined): object {
  const logicalLocations = [{ fullyQualifiedName: finding.path || '/' }]
  if (source === undefined) return { logicalLocations }
  const position = findingPosition(finding, source)
  const region = position && { region: { startLine: position.line, startColumn: position.column } }
  return { physicalLocation: { artifactLocation: { uri: artifactUri(source.name) }, ...region }, logicalLocations }
}

function artifacts(entries: readonly ReportEntry[]): object[] {
  const uris = new Set(entries.flatMap(({ source }) => (source === undefined ? [] : [artifactUri(source.name)])))
  return [...uris].map((uri) => ({ location: { uri } }))
}

// Lines move and words change; rule and place stay. Equal results are numbered, so that none hides another.
function createFingerprints(): (text: string) => string {
  const seen = new Map<string, number>()
  return (text) => {
    const number = (seen.get(text) ?? 0) + 1
    seen.set(text, number)
    return `${text}:${number}`
  }
}
