import type { Finding } from '../finding.js'
import type { Severity } from '../vocabulary.js'
import { findingPosition } from './finding-position.js'
import { plainText } from './plain-text.js'
import type { ReportEntry, ReportSource } from './report-entry.js'

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

/**
 * Workflow commands of GitHub Actions: one line per finding, which the runner turns into an annotation of the file.
 * Nothing at all for clean reports.
 */
export function formatGitHub(entries: readonly ReportEntry[]): string {
  const lines = entries.flatMap(({ report, source }) => report.findings.map((finding) => annotation(finding, source)))
  return lines.map((line) => `${line}\n`).join('')
}

function annotation(finding: Finding, source: ReportSource | undefined): string {
  const position = findingPosition(finding, source)
  const properties = [
    ...(source === undefined ? [] : [`file=${escapeProperty(source.name)}`]),
    ...(position === undefined ? [] : [`line=${position.line}`, `col=${position.column}`]),
    `title=${escapeProperty(finding.rule)}`,
  ]
  return `::${commands[finding.severity]} ${properties.join(',')}::${escapeData(annotationText(finding, source))}`
}

// Without a file, the annotation has to say itself what it is about.
function annotationText({ path, message, fix }: Finding, source: ReportSource | undefined): string {
  const about = source === undefined ? `${path || '/'}: ${message}` : message
  return fix === undefined ? about : `${about}\nFix: ${fix.description}`
}

function escapeData(text: string): string {
  return plainText(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
